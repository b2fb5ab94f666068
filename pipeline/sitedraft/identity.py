"""The regular expression that gives an article's identity, and what speaks for it and against it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

from pipeline.sitedraft.addresses import MIN_SLUG_WORDS, Form, Link, forms_in
from pipeline.sitedraft.denied import deny_patterns

# names in a query that say where on a site an article is shown, not which it is
_WHERE = re.compile(
    r"(?:.*page.*|paged|trang|start|offset|tab_?id|c|cat.*|cid|.*menu.*|.*zone.*|lang.*|mid|mod.*|group.*|section.*|sid)",
    re.I,
)
_GUIDS = r"[0-9A-Fa-f-]{32,36}"
_TIMESTAMP_DIGITS = 12  # so many digits or more are a moment, not a count: their number does not grow


@dataclass(frozen=True, slots=True)
class Identity:
    """`pattern` has a group `id`. `address` is the one URL of an article, None where its own will do.

    `ids` are the identities of `links` by it, `deny` what no article's address matches; `why` says what it rests on.
    """

    pattern: str
    address: str | None
    ids: tuple[str, ...]
    links: tuple[Link, ...]
    deny: tuple[str, ...]
    why: str

    def id_of(self, url: str) -> str | None:
        """Return the identity that the pattern gives an address."""
        found = re.match(self.pattern, url)
        if found is None or any(re.search(pattern, url) for pattern in self.deny):
            return None
        return "-".join(found[name] for name in found.re.groupindex if name.startswith("id") and found[name])


def identity_of(form: Form, links: Sequence[Link], others: Iterable[str], origin: str) -> Identity:
    """Write the pattern for links of one form on a site.

    `others` are addresses that are none of an article (menus, pagers): the pattern is widened to ids with fewer digits
    only where it still matches none of them. `origin` is scheme and host.
    """
    scheme, _, host = origin.partition("://")
    start = rf"^https?://(?:www\.)?{literal(host.removeprefix('www.'))}"
    deny = deny_patterns(link.url for link in links)
    known = {link.url for link in links}
    none = [url for url in others if url not in known and not any(re.search(pattern, url) for pattern in deny)]
    if form.place == "query":
        pattern, why = _by_query(form, links, start)
        address = None
    else:
        pattern, why = _by_path(form, links, none, start)
        noisy = any(urlsplit(link.url).query for link in links)
        address = f"{scheme}://{host}" + "{before}{id}{behind}" if noisy else None
        if noisy:
            why += "; what stands behind a “?” is left out"
    bare = Identity(pattern, address, (), (), deny, why)
    told = [(link, id_) for link in links if (id_ := bare.id_of(link.url))]
    return replace(bare, ids=tuple(id_ for _, id_ in told), links=tuple(link for link, _ in told))


def literal(text: str) -> str:
    """Return a pattern that matches a text and nothing else."""
    return re.escape(text).replace(r"\-", "-")  # outside of brackets a hyphen is one


# --------------------------------------------------------------------------- in the path
def _by_path(form: Form, links: Sequence[Link], others: Sequence[str], start: str) -> tuple[str, str]:
    if form.place == "slug":
        return _by_slug(form, links, others, start)
    values = [value for link in links for found, value in forms_in(link.url) if found == form]
    least, most = min(map(len, values)), max(map(len, values))
    named = _step_before(links, values) if form.place == "inner" or form.mark == "/" else ""
    behind = literal(form.suffix)
    if form.place == "head":
        before, behind = "/(?:[^?#]*/)?", r"[-_][^/?#]*" + behind
    elif form.place == "inner":
        step = literal(form.named or named) + "/" if form.named or named else ""
        before, behind = f"/(?:[^?#]*/)?{step}", r"(?:/[^/?#]+)" + f"{{{form.after}}}/?"
    elif form.mark.startswith("/"):
        step = literal(named) + "/" if named else ""
        before = f"/(?:[^?#]*/)?{step}" + literal(form.mark[1:])
    else:
        before = "/[^?#]*" + literal(form.mark)
        behind = r"(?:[-_.]\d+)" * form.skip + behind

    def written(digits: str) -> str:
        return rf"{start}(?P<before>{before})(?P<id>\d{{{digits}}})(?P<behind>{behind})(?:[?#].*)?$"

    if least >= _TIMESTAMP_DIGITS:
        return written(f"{least},{most}"), f"the id is a moment of {least} digits"
    fewest = next(
        (few for few in (1, max(1, least - 1), least) if not _matched(written(f"{few},{most + 1}"), others)), least
    )
    taken = _matched(written(f"{fewest},{most + 1}"), others)
    why = f"the id is a number ({least} to {most} digits seen, {fewest} to {most + 1} taken)"
    if taken:
        why += f"; it takes {taken} addresses of menus for articles too, see deny"
    return written(f"{fewest},{most + 1}"), why


def _matched(pattern: str, others: Sequence[str]) -> int:
    return sum(re.match(pattern, url) is not None for url in others)


def _step_before(links: Sequence[Link], values: Sequence[str]) -> str:
    """Return the step of the path before the id where it is the same on all: "-", "content", "ArticleID"."""
    before = set()
    for link, value in zip(links, values, strict=False):
        steps = [step for step in urlsplit(link.url).path.split("/") if step]
        place = next((number for number, step in enumerate(steps) if value in step), 0)
        before.add(steps[place - 1] if place else "")
    return before.pop() if len(before) == 1 else ""


def _by_slug(form: Form, links: Sequence[Link], others: Sequence[str], start: str) -> tuple[str, str]:
    paths = [urlsplit(link.url).path.strip("/").split("/") for link in links]
    depths = [len(path) for path in paths]
    step = next((mark for mark in ("-", "w", "content") if all(mark in path[:-1] for path in paths)), "")
    date = r"(?P<id_year>(?:19|20)\d\d)/(?P<id_month>\d\d?)/(?:(?P<id_day>\d\d?)/)?" if form.dated else ""
    if form.dated or step:
        between = f"(?:[^?#]*/)?{literal(step) + '/' if step else ''}(?:[^?#]*/)?" if step else "(?:[^?#]*/)?"
    else:
        least, most = min(depths) - 1, max(depths) - 1
        between = rf"(?:[^/?#]+/){{{least},{most}}}" if most else ""
    fewest = min(len(re.split("[-_]", path[-1].removesuffix(form.suffix))) for path in paths)

    def written(words: int) -> str:
        slug = rf"(?P<id>[^/?#._-]+(?:[-_][^/?#._-]*){{{words - 1},}})"
        return rf"{start}(?P<before>/{between}{date}){slug}(?P<behind>{literal(form.suffix)})(?:[?#].*)?$"

    words = next((few for few in range(MIN_SLUG_WORDS, fewest + 1) if not _matched(written(few), others)), fewest)
    taken = _matched(written(words), others)
    why = f"no number in the address: the id is its last step, of {words} words or more"
    why += " and the day before it" if form.dated else "; an address that is corrected makes a second article"
    if taken:
        why += f"; {taken} addresses of menus look alike, see deny"
    return written(words), why


# --------------------------------------------------------------------------- in the query
def _by_query(form: Form, links: Sequence[Link], start: str) -> tuple[str, str]:
    queries = [{name.lower(): value for name, value in parse_qsl(urlsplit(link.url).query)} for link in links]
    spelled = {name.lower(): name for link in links for name, _ in parse_qsl(urlsplit(link.url).query)}
    names, why = _identifying(form.named, links, queries)
    why = f"the id is {spelled[form.named]} in the query" + why
    paths = sorted({urlsplit(link.url).path for link in links})
    if len(paths) == 1:
        path = f"(?i:{literal(paths[0])})"
    elif all("/Lists/" in one for one in paths):
        path = r"/[^?#]*?/Lists/(?P<id_list>[^/?#]+)/" + f"(?i:{literal(form.suffix)})"
        why += "; numbers begin anew in each list, so the list is part of it"
    else:
        path = "/[^?#]*" + (f"(?i:{literal(form.suffix)})" if form.suffix else "")
        why += f"; {len(paths)} pages show articles, taken to share their numbers"

    def group(name: str) -> str:
        value = _value_pattern([query[name] for query in queries if name in query])
        label = "id" if name == form.named else "id_" + re.sub(r"\W", "_", name)
        return rf"(?=(?:[^#]*&)?(?i:{literal(spelled[name])})=(?P<{label}>{value})(?:[&#]|$))"

    return rf"{start}{path}\?{''.join(map(group, names))}", why


def _value_pattern(values: Sequence[str]) -> str:
    if all(value.isdecimal() for value in values):
        return r"\d+"
    return _GUIDS if all(re.fullmatch(_GUIDS, value) for value in values) else r"[^&#]+"


def _identifying(id_name: str, links: Sequence[Link], queries: Sequence[dict[str, str]]) -> tuple[tuple[str, ...], str]:
    """Return the names of a query that make the identity, and why: by headlines where two addresses share the id."""
    headlines: defaultdict[str, set[str]] = defaultdict(set)
    for link, query in zip(links, queries, strict=True):
        if link.text:
            headlines[query.get(id_name, "")].add(link.text)
    shared = any(len(texts) > 1 for texts in headlines.values())
    order = [name for name in queries[0] if all(name in query for query in queries)]
    varying = [name for name in order if name != id_name and len({query[name] for query in queries}) > 1]
    parts = [name for name in varying if shared or not _WHERE.fullmatch(name)]
    names = tuple(name for name in order if name == id_name or name in parts)
    why = ""
    if parts:
        why += f"; {', '.join(parts)} of the query differ too and were made part of it"
    if left := [name for name in varying if name not in parts]:
        why += f"; {', '.join(left)} differ too and were taken to say where it is shown"
    return names, why
