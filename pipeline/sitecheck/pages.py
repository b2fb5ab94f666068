"""A profile on article pages: what each gives, and which selectors find something on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.archive import Capture
from crawler.profile import Layout
from crawler.site import Site
from pipeline.parse import PageNotUnderstood, decode, parse_html
from pipeline.parse.dom import Element, attribute, parse_document, select, select_strings, text_of
from pipeline.parse.layout import in_force
from pipeline.parse.tree import Tree
from pipeline.records import Page

# what a reader must be given, and the part of a layout that finds it
FIELDS = {"title": "title", "lead": "lead", "date": "published", "body": "body"}
_PARTS = ("title", "lead", "published", "body", "authors", "section", "tags", "captions", "drop")


@dataclass(frozen=True, slots=True)
class SelectorCount:
    """On how many of the `pages` of its layout's time a selector finds something."""

    layout: str
    part: str
    css: str
    matched: int
    pages: int


@dataclass(frozen=True, slots=True)
class FieldCount:
    """How many of the `pages` give a field: in all, and where the profile's own selectors for it match.

    The generic way of reading stands in for broken selectors, less well: only `by_profile` says whether the profile
    fits. `expected` is a share; `selectors` are those of the layouts in force.
    """

    name: str
    given: int
    by_profile: int
    pages: int
    expected: float
    selectors: tuple[SelectorCount, ...]

    @property
    def too_few(self) -> bool:
        """Whether the share of pages is below what the profile expects."""
        return self.by_profile / self.pages < self.expected

    @property
    def broken(self) -> tuple[SelectorCount, ...]:
        """The selectors that match on too few pages of their time."""
        return tuple(count for count in self.selectors if count.matched < self.expected * count.pages)


@dataclass(frozen=True, slots=True)
class Trial:
    """One page: what it gave, by which layout or refused why, and the selectors that found something on it."""

    given: frozenset[str]
    layout: str | None
    refused: str | None
    layouts: tuple[Layout, ...]
    matched: frozenset[tuple[str, str, str]]


def tried(site: Site, capture: Capture) -> Trial:
    """Read one page by the profile, and see which selectors of the layouts of its time find something on it."""
    layouts = tuple(layout for layout in site.layouts if in_force(layout, capture.fetched_at))
    matched: frozenset[tuple[str, str, str]] = frozenset()
    try:
        text = decode(capture.body, content_type=capture.content_type, where=capture.url)
        root = parse_document(text)
        if root is not None:
            Tree(root).strip_unseen()
            matched = frozenset(
                (layout.name, part, css)
                for layout in layouts
                for part, css in _selectors(layout)
                if ("::" in css and select_strings(root, css))
                or any(part == "drop" or _says_something(node) for node in select(root, css))
            )
        page = parse_html(
            capture.body, capture.url, site, fetched_at=capture.fetched_at, content_type=capture.content_type
        )
    except PageNotUnderstood as refusal:
        return Trial(frozenset(), None, refusal.reason, layouts, matched)
    return Trial(_given(page), page.layout, None, layouts, matched)


def _given(page: Page) -> frozenset[str]:
    found = {"title": page.title, "lead": page.lead, "date": page.published_at, "body": page.blocks}
    return frozenset(name for name, value in found.items() if value)


def _says_something(node: Element) -> bool:
    return bool(text_of(node) or attribute(node, "content") or attribute(node, "datetime"))


def _selectors(layout: Layout) -> Iterator[tuple[str, str]]:
    for part in _PARTS:
        yield from ((part, css) for css in dict.fromkeys(getattr(layout, part)))


def selector_counts(site: Site, trials: Sequence[Trial]) -> Iterator[SelectorCount]:
    """Count, layout by layout in the order of the profile, what each selector matched."""
    for layout in site.layouts:
        of_its_time = [trial for trial in trials if layout in trial.layouts]
        for part, css in _selectors(layout):
            matched = sum((layout.name, part, css) in trial.matched for trial in of_its_time)
            yield SelectorCount(layout.name, part, css, matched, len(of_its_time))


def field_count(site: Site, name: str, trials: Sequence[Trial], selectors: Sequence[SelectorCount]) -> FieldCount:
    """Count the pages that give a field."""
    part = FIELDS[name]
    return FieldCount(
        name=name,
        given=sum(name in trial.given for trial in trials),
        by_profile=sum(name in trial.given and _by_profile(site, trial, part) for trial in trials),
        pages=len(trials),
        expected=getattr(site.expected, name),
        selectors=tuple(count for count in selectors if count.part == part and count.pages),
    )


def _by_profile(site: Site, trial: Trial, part: str) -> bool:
    """Whether the layout that read the page found the part, any layout of its time where none read it.

    True where there is no selector for the part.
    """
    read_it = tuple(layout for layout in trial.layouts if trial.layout == f"{site.name}/{layout.name}")
    asked = {layout.name for layout in read_it or trial.layouts if getattr(layout, part)}
    return not asked or any(found == part and name in asked for name, found, _ in trial.matched)
