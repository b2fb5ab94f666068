"""Forms of article addresses: where the part that tells one article from another may stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlsplit

MIN_HEADLINE_WORDS = 5  # menu entries have one to four words
MIN_SLUG_WORDS = 4  # of an address made of a headline's words; sections have one to three
# a slug is the weaker sign of identity: a number takes precedence where it tells most of the articles apart
SLUG_WEIGHT = 0.6
MOST_CHANCE = 0.3  # share of headlines that may end in the very number of their id

_SUFFIX = re.compile(r"\.[a-z]{2,5}$", re.I)
_DATE = re.compile(r"/(?:19|20)\d\d/\d{1,2}(?:/\d{1,2})?(?=/)")
_GUID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.I)
_NAMED = re.compile(r"[A-Za-z_]*id|[a-z]+_details", re.I)
Place = Literal["end", "head", "inner", "slug", "query"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: the whole address, and the words it shows ("" in a feed)."""

    url: str
    text: str
    announced: bool = False

    @property
    def may_be_headline(self) -> bool:
        """Whether it is of a feed, or shows as many words as a headline."""
        return self.announced or len(self.text.split()) >= MIN_HEADLINE_WORDS


@dataclass(frozen=True, slots=True)
class Form:
    """Where in an address the identity stands.

    "end": a number that ends the path before `suffix`, after `mark` ("-", "/", "-n"), with `skip` numbers behind it.
    "head": a number that begins the last step of the path. "inner": a whole step, `after` steps before the last,
    behind a step `named` so. "slug": the last step itself, of words; `dated` when the day is in the path.
    "query": the value of `named` after a path that ends in `suffix`.
    """

    place: Place
    mark: str = ""
    suffix: str = ""
    named: str = ""
    after: int = 0
    skip: int = 0
    dated: bool = False


def forms_in(url: str) -> Iterator[tuple[Form, str]]:
    """Give each form that an address can be read by, with the identity that it has then."""
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if value.isdecimal() or _GUID.fullmatch(value) or value.count("-") + 1 >= MIN_SLUG_WORDS:
            yield Form("query", suffix=_page_of(parts.path), named=name.lower()), value
    steps = [step for step in parts.path.split("/") if step]
    if not steps:
        return
    slash = "/" if parts.path.endswith("/") else ""
    ending = found[0] if (found := _SUFFIX.search(steps[-1])) else slash
    last = steps[-1].removesuffix(ending)
    dated = bool(_DATE.search(parts.path))
    yield from _numbers_of(last, ending)
    yield from _numbered_steps(steps[:-1])
    if len(re.split(r"[-_]", last)) >= MIN_SLUG_WORDS:
        yield Form("slug", suffix=ending, dated=dated), last


def _numbers_of(last: str, ending: str) -> Iterator[tuple[Form, str]]:
    tail = re.search(r"(?:(?:^|[-_.])[a-z]{0,6}\d+)+$", last, re.I)
    numbers = [*re.finditer(r"(?P<mark>(?:^|[-_.])[a-z]{0,6}?)(?P<id>\d+)(?![^-_.])", tail[0], re.I)] if tail else []
    for skip, number in enumerate(reversed(numbers[-2:])):
        whole = number.start() == 0 and tail is not None and tail.start() == 0
        mark = "/" + number["mark"] if whole else number["mark"]
        yield Form("end", mark=mark, suffix=ending, skip=skip), number["id"]
    if found := re.match(r"(\d+)[-_](?=[^\d-])", last):
        yield Form("head", suffix=ending), found[1]


def _numbered_steps(steps: list[str]) -> Iterator[tuple[Form, str]]:
    for place, step in enumerate(steps):
        if step.isdecimal() and not re.fullmatch(r"(?:19|20)\d\d|\d\d?", step):
            before = steps[place - 1] if place else ""
            yield Form("inner", named=before if _NAMED.fullmatch(before) else "", after=len(steps) - place), step
        elif step.isdecimal() and place and _NAMED.fullmatch(steps[place - 1]):
            yield Form("inner", named=steps[place - 1], after=len(steps) - place), step


def _page_of(path: str) -> str:
    """Return the file that answers ("view_detail.aspx"), "" where the path names none."""
    last = path.rpartition("/")[2].lower()
    return last if "." in last else ""


def forms_by_use(links: Iterable[Link]) -> list[tuple[Form, tuple[Link, ...]]]:
    """Return the forms of the addresses that headlines link to, the best first, each with its links in the order met.

    The best tells most headlines apart: by as many identities as it has headlines.
    """
    headlines: dict[str, Link] = {}
    for link in links:
        url = link.url.split("#")[0]
        if link.may_be_headline and not (url in headlines and headlines[url].text):
            headlines[url] = Link(url, link.text, link.announced)
    used: defaultdict[Form, list[tuple[Link, str]]] = defaultdict(list)
    for link in headlines.values():
        for form, id_ in forms_in(link.url):
            used[form].append((link, id_))
    ranked = sorted(used.items(), key=lambda one: -_worth(one[0], one[1]))
    told = ((form, tuple(link for link, _ in met)) for form, met in ranked if not _of_headlines(form, met))
    return [(form, met) for form, met in told if len(met) > 1]


def _of_headlines(form: Form, met: list[tuple[Link, str]]) -> bool:
    """Whether the number at the end of the address is mostly the last word of the headline ("quý 3"), and no id."""
    said = [(link.text, id_) for link, id_ in met if link.text]
    same = sum(re.search(rf"(?<!\d)0*{id_}\W*$", text) is not None for text, id_ in said if id_.isdecimal())
    return form.place == "end" and same > MOST_CHANCE * len(said)


def _worth(form: Form, met: list[tuple[Link, str]]) -> float:
    ids = len({id_ for _, id_ in met})
    headlines = len({link.text or link.url for link, _ in met})
    told_apart = min(ids, headlines)
    weight = (SLUG_WEIGHT if form.place == "slug" else 1.0) - 0.1 * form.skip
    return weight * told_apart * min(1.0, ids / headlines)
