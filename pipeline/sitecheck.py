"""Whether a profile fits its pages: which selectors match, and how many pages give title, lead, date and body."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crawler.archive import Capture
from crawler.site import Layout, Site
from pipeline.parse import PageNotUnderstood, decode, parse_html
from pipeline.parse.dom import Element, attribute, parse_document, select, strip_unseen, text_of
from pipeline.parse.layout import in_force
from pipeline.schema import Page

# pages that are no article whatever a profile says: they do not count against it
NOT_THE_PROFILES = frozenset(("gate", "soft_404", "not_text", "undecodable", "login", "empty"))
_PARTS = ("title", "lead", "published", "body", "authors", "section", "tags", "captions", "drop")
# what a reader must be given, and the part of a layout that finds it
_FIELDS = {"title": "title", "lead": "lead", "date": "published", "body": "body"}
_HTML = ("text/html", "application/xhtml+xml", "")


class NothingToCheck(RuntimeError):
    """No article page of the site among the captures."""


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


@dataclass(frozen=True, slots=True)
class SiteReport:
    """A profile tried on `pages` article pages. `refused` and `not_counted` are numbers of pages by reason."""

    site: str
    pages: int
    fetched: tuple[dt.datetime, dt.datetime]
    fields: tuple[FieldCount, ...]
    selectors: tuple[SelectorCount, ...]
    read_by: dict[str, int]
    refused: dict[str, int]
    not_counted: dict[str, int]

    @property
    def too_few(self) -> tuple[FieldCount, ...]:
        """The fields that fewer pages give than the profile expects."""
        return tuple(field for field in self.fields if field.too_few)


def newest_pages(captures: Iterable[Capture], site: Site, most: int) -> list[Capture]:
    """Return the newest captures of at most so many different articles of the site, oldest first.

    Only answers that can be an article's page: status 200, HTML, at an article's address.
    """
    newest: dict[str, Capture] = {}
    for capture in captures:
        kind = (capture.content_type or "").split(";")[0].strip().lower()
        id_ = site.article_id(capture.url) if site.owns(capture.url) else None
        if id_ is None or capture.status != 200 or capture.kind == "revisit" or kind not in _HTML:
            continue
        if id_ not in newest or capture.fetched_at >= newest[id_].fetched_at:
            newest[id_] = capture
        if len(newest) > 2 * most:  # an archive may hold more pages than memory
            newest = dict(sorted(newest.items(), key=lambda one: one[1].fetched_at)[-most:])
    return sorted(newest.values(), key=lambda capture: capture.fetched_at)[-most:]


def check_profile(site: Site, captures: Sequence[Capture]) -> SiteReport:
    """Try the profile on captured article pages.

    Raises:
        NothingToCheck: there is none, or none that a profile could be held against (gate pages, "not found").
    """
    trials = [_tried(site, capture) for capture in captures]
    not_counted = Counter(trial.refused for trial in trials if trial.refused in NOT_THE_PROFILES)
    counted = [trial for trial in trials if trial.refused not in NOT_THE_PROFILES]
    if not counted:
        seen = f"; {_listed(not_counted)}" if not_counted else ""
        raise NothingToCheck(f"{site.name}: no article page to try the profile on{seen}")
    times = [capture.fetched_at for capture in captures]
    selectors = tuple(_selector_counts(site, counted))
    return SiteReport(
        site=site.name,
        pages=len(counted),
        fetched=(min(times), max(times)),
        fields=tuple(_field_count(site, name, counted, selectors) for name in _FIELDS),
        selectors=selectors,
        read_by=dict(Counter(trial.layout for trial in counted if trial.layout).most_common()),
        refused=dict(Counter(trial.refused for trial in counted if trial.refused).most_common()),
        not_counted=dict(not_counted.most_common()),
    )


def report_lines(report: SiteReport) -> Iterator[str]:
    """Give the report as lines for a reader; the last ones name what does not fit."""
    first, last = (f"{moment:%Y-%m-%d}" for moment in report.fetched)
    when = first if first == last else f"{first} to {last}"
    yield f"{report.site}: {report.pages} article pages, fetched {when}"
    for field in report.fields:
        shares = f"by the profile {_share(field.by_profile, field.pages)}, in all {_share(field.given, field.pages)}"
        yield f"  {field.name:<6} {shares}, expected {field.expected:.0%}{'  TOO FEW' if field.too_few else ''}"
    for what, counts in (("read by", report.read_by), ("refused", report.refused), ("left out", report.not_counted)):
        if counts:
            yield f"  {what}: {_listed(counts)}"
    layouts = dict.fromkeys(count.layout for count in report.selectors)
    for layout in layouts:
        counts_of = [count for count in report.selectors if count.layout == layout]
        yield f"layout {layout}: {counts_of[0].pages} pages of its time"
        for count in counts_of if counts_of[0].pages else ():
            yield f"  {count.part:<9} {count.matched:>5} of {count.pages}  {count.css}"
    for field in report.too_few:
        yield _complaint(report, field)


def _complaint(report: SiteReport, field: FieldCount) -> str:
    names = "; ".join(
        f"layout {count.layout}: {count.css} matches {count.matched} of {count.pages}"
        for count in field.selectors
        if count.matched / count.pages < field.expected
    )
    return (
        f"{report.site}: {field.name} on {field.by_profile} of {field.pages} pages, expected {field.expected:.0%}"
        f" ({names or 'the profile has no selector for it'}). "
        f"If the site was redesigned, add a layout to crawler/sites/{report.site}.toml"
    )


@dataclass(frozen=True, slots=True)
class _Trial:
    """One page: what it gave, by which layout or refused why, and the selectors that found something on it."""

    given: frozenset[str]
    layout: str | None
    refused: str | None
    layouts: tuple[Layout, ...]
    matched: frozenset[tuple[str, str, str]]


def _tried(site: Site, capture: Capture) -> _Trial:
    layouts = tuple(layout for layout in site.layouts if in_force(layout, capture.fetched_at))
    matched: frozenset[tuple[str, str, str]] = frozenset()
    try:
        text = decode(capture.body, content_type=capture.content_type, where=capture.url)
        root = parse_document(text)
        if root is not None:
            strip_unseen(root)
            matched = frozenset(
                (layout.name, part, css)
                for layout in layouts
                for part, css in _selectors(layout)
                if any(_says_something(node) for node in select(root, css))
            )
        page = parse_html(
            capture.body, capture.url, site, fetched_at=capture.fetched_at, content_type=capture.content_type
        )
    except PageNotUnderstood as refusal:
        return _Trial(frozenset(), None, refusal.reason, layouts, matched)
    return _Trial(_given(page), page.layout, None, layouts, matched)


def _given(page: Page) -> frozenset[str]:
    found = {"title": page.title, "lead": page.lead, "date": page.published_at, "body": page.blocks}
    return frozenset(name for name, value in found.items() if value)


def _says_something(node: Element) -> bool:
    return bool(text_of(node) or attribute(node, "content") or attribute(node, "datetime"))


def _selectors(layout: Layout) -> Iterator[tuple[str, str]]:
    for part in _PARTS:
        yield from ((part, css) for css in dict.fromkeys(getattr(layout, part)))


def _selector_counts(site: Site, trials: Sequence[_Trial]) -> Iterator[SelectorCount]:
    for layout in site.layouts:
        of_its_time = [trial for trial in trials if layout in trial.layouts]
        for part, css in _selectors(layout):
            matched = sum((layout.name, part, css) in trial.matched for trial in of_its_time)
            yield SelectorCount(layout.name, part, css, matched, len(of_its_time))


def _field_count(site: Site, name: str, trials: Sequence[_Trial], selectors: Sequence[SelectorCount]) -> FieldCount:
    part = _FIELDS[name]
    return FieldCount(
        name=name,
        given=sum(name in trial.given for trial in trials),
        by_profile=sum(name in trial.given and _by_profile(trial, part) for trial in trials),
        pages=len(trials),
        expected=getattr(site.expected, name),
        selectors=tuple(count for count in selectors if count.part == part and count.pages),
    )


def _by_profile(trial: _Trial, part: str) -> bool:
    """Whether a selector of the profile found the part; True where the profile has none for it in force."""
    wanted = any(getattr(layout, part) for layout in trial.layouts)
    return not wanted or any(found == part for _, found, _ in trial.matched)


def _share(number: int, pages: int) -> str:
    return f"{number} of {pages} ({number / pages:.0%})"


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items())
