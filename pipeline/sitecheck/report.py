"""The report on a profile: its counts, and in words what does not fit."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from crawler.site import Site
from pipeline.sitecheck.listings import ListingCount, check_listing, items_lost, listing_lines
from pipeline.sitecheck.pages import FIELDS, FieldCount, SelectorCount, field_count, selector_counts, tried
from pipeline.sitecheck.sample import Sample
from pipeline.sitecheck.starts import Robots, StartCount, check_robots, check_starts, start_lines

# pages that are no article whatever a profile says: they do not count against it
NOT_THE_PROFILES = frozenset(("gate", "soft_404", "not_text", "undecodable", "login", "empty"))


class NothingToCheck(RuntimeError):
    """No article page of the site among the captures."""


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
    listings: tuple[ListingCount, ...]
    starts: tuple[StartCount, ...]
    robots: Robots

    @property
    def fits(self) -> bool:
        """Whether nothing needs a person: the profile fits, and where a crawl begins there are articles."""
        well = not any(one.wrong for one in self.starts) and not self.robots.wrong
        return well and not self.too_few and not items_lost(self.listings)

    @property
    def too_few(self) -> tuple[FieldCount, ...]:
        """The fields that fewer pages give than the profile expects."""
        return tuple(field for field in self.fields if field.too_few)


def check_profile(site: Site, captures: Sample, *, live: bool = False) -> SiteReport:
    """Try the profile on captured pages; `live`: they are all that came just now from all its start addresses.

    Raises:
        NothingToCheck: there is none, or none that a profile could be held against (gate pages, "not found").
    """
    trials = [tried(site, capture) for capture in captures.pages]
    not_counted = Counter(trial.refused for trial in trials if trial.refused in NOT_THE_PROFILES)
    counted = [trial for trial in trials if trial.refused not in NOT_THE_PROFILES]
    if not counted:
        seen = f"; {_listed(not_counted)}" if not_counted else ""
        raise NothingToCheck(f"{site.name}: no article page to try the profile on{seen}")
    times = [capture.fetched_at for capture in captures.pages]
    selectors = tuple(selector_counts(site, counted))
    return SiteReport(
        site=site.name,
        pages=len(counted),
        fetched=(min(times), max(times)),
        fields=tuple(field_count(site, name, counted, selectors) for name in FIELDS),
        selectors=selectors,
        read_by=dict(Counter(trial.layout for trial in counted if trial.layout).most_common()),
        refused=dict(Counter(trial.refused for trial in counted if trial.refused).most_common()),
        not_counted=dict(not_counted.most_common()),
        listings=tuple(check_listing(site, capture) for capture in captures.listings),
        starts=check_starts(site, captures, live=live),
        robots=check_robots(site, captures),
    )


def section_lines(site: Site, captures: Sample, *, live: bool = False) -> Iterator[str]:
    """Give a line a start address that answered: all that can be said where no article page came."""
    yield from listing_lines([check_listing(site, capture) for capture in captures.listings])
    if captures.answers:
        yield from start_lines(check_starts(site, captures, live=live), check_robots(site, captures))


def report_values(report: SiteReport) -> dict[str, Any]:
    """Return the report as JSON takes it; `needs_person` says what the exit code says."""
    values = asdict(report)
    values["fetched"] = [moment.isoformat() for moment in report.fetched]
    values["too_few"] = [field.name for field in report.too_few]
    values["unmatched_layouts"] = [*unmatched_layouts(report)]
    return {"needs_person": not report.fits} | values


def unmatched_layouts(report: SiteReport) -> Iterator[str]:
    """Give the layouts of which no selector matches on any page of their time, though there are such pages."""
    for layout in dict.fromkeys(count.layout for count in report.selectors):
        counts = [count for count in report.selectors if count.layout == layout]
        if counts[0].pages and not any(count.matched for count in counts):
            yield layout


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
    yield from listing_lines(report.listings)
    yield from start_lines(report.starts, report.robots)
    unmatched = {*unmatched_layouts(report)}
    layouts = dict.fromkeys(count.layout for count in report.selectors)
    for layout in layouts:
        counts_of = [count for count in report.selectors if count.layout == layout]
        none = ", and not one selector matches" if layout in unmatched else ""
        yield f"layout {layout}: {counts_of[0].pages} pages of its time{none}"
        for count in counts_of if counts_of[0].pages else ():
            yield f"  {count.part:<9} {count.matched:>5} of {count.pages}  {count.css}"
    if items_lost(report.listings):
        yield f"{report.site}: start.items finds no article on any section; mend it in its profile, {report.site}.toml"
    for field in report.too_few:
        yield _complaint(report, field)


def _complaint(report: SiteReport, field: FieldCount) -> str:
    names = "; ".join(
        f"layout {count.layout}: {count.css} matches {count.matched} of {count.pages}" for count in field.broken
    )
    return (
        f"{report.site}: {field.name} on {field.by_profile} of {field.pages} pages, expected {field.expected:.0%}"
        f" ({names or why_unread(field, report.refused)}). "
        f"If the site was redesigned, add a layout to its profile, {report.site}.toml"
    )


def why_unread(field: FieldCount, refused: dict[str, int]) -> str:
    """Return why too few pages give a field of which no selector is broken."""
    if not field.selectors:
        return "the profile has no selector for it"
    return (
        f"its selectors match, but {f'pages were refused: {_listed(refused)}' if refused else 'find nothing to read'}"
    )


def _share(number: int, pages: int) -> str:
    return f"{number} of {pages} ({number / pages:.0%})"


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items())
