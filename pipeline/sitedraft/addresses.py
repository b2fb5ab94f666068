"""Where the id of an article stands in its address: induced from the links of a few pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

MIN_HEADLINE_WORDS = 5  # menu entries have one to four words
# in a path, fewer digits are a page's number or a part of a name ("trang-2", "covid-19")
_IN_PATH = re.compile(r"(?P<mark>[/_.-][a-z]{0,6})(?P<id>\d{3,})(?P<suffix>\.[a-z]{2,5}|/)?$", re.I)
_PAGERS = frozenset(("page", "p", "trang", "pageindex", "paged", "start", "offset"))


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
class ArticleShape:
    """A form of addresses: `digits` of an id after `mark` and before `suffix`, or in the query of `path`.

    `names` are the query's names in their order that tell addresses apart, the id's last or not; () for a path.
    """

    mark: str = ""
    digits: int = 0
    suffix: str = ""
    path: str = ""
    names: tuple[str, ...] = ()
    id_name: str = ""

    def pattern(self, host: str) -> str:
        """Return a regular expression with a group `id` for the addresses of this form on a host, www or not."""
        start = rf"^https?://(?:www\.)?{re.escape(host.removeprefix('www.'))}"
        if self.names:
            groups = [
                rf"{re.escape(name)}=(?P<{'id' if name == self.id_name else _group(name)}>\d+)" for name in self.names
            ]
            return rf"{start}{re.escape(self.path)}\?(?:[^#]*&)?{'&(?:[^#]*&)?'.join(groups)}(?:[&#]|$)"
        before = "/(?:[^?#]*/)?" + re.escape(self.mark[1:]) if self.mark[0] == "/" else "/[^?#]*" + re.escape(self.mark)
        return rf"{start}{before}(?P<id>\d{{{self.digits},{self.digits + 1}}}){re.escape(self.suffix)}(?:[?#]|$)"


def _group(name: str) -> str:
    return "id_" + re.sub(r"\W", "_", name.lower())


def _raw_shape(url: str) -> ArticleShape | None:
    parts = urlsplit(url)
    if found := _IN_PATH.search(parts.path):
        return ArticleShape(found["mark"], len(found["id"]), found["suffix"] or "")
    pairs = parse_qsl(parts.query)
    names = tuple(name for name, value in pairs if value.isdecimal() and name.lower() not in _PAGERS)
    return ArticleShape(path=parts.path, names=names) if names and len(set(names)) == len(names) else None


def shapes_by_use(links: Iterable[Link]) -> list[tuple[ArticleShape, tuple[str, ...]]]:
    """Return the forms that headlines link to, the most used first, each with its addresses in the order met."""
    used: defaultdict[ArticleShape, dict[str, None]] = defaultdict(dict)
    for link in links:
        if link.may_be_headline and (shape := _raw_shape(link.url)):
            used[shape][link.url.split("#")[0]] = None
    ranked = sorted(used.items(), key=lambda one: -len(one[1]))
    return [(_telling(shape, tuple(urls)), tuple(urls)) for shape, urls in ranked]


def _telling(shape: ArticleShape, urls: tuple[str, ...]) -> ArticleShape:
    """Keep of a query's names those whose values differ; the one with most values is the id."""
    if not shape.names:
        return shape
    queries = [dict(parse_qsl(urlsplit(url).query)) for url in urls]
    values = {name: len({query[name] for query in queries}) for name in shape.names}
    id_name = max(shape.names, key=lambda name: (values[name], name.lower().endswith("id")))
    names = tuple(name for name in shape.names if name == id_name or values[name] > 1)
    return ArticleShape(path=shape.path, names=names, id_name=id_name)
