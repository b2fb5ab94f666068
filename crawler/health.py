"""Whether a run brought what the profile expects: a crawl that fetched nothing is not a success."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from crawler.runlog import RunLog
from crawler.site import Site

MOST_GATES = 0.02  # share of requests; a healthy site shows none, and a few can be the network's
MOST_ERRORS = 0.1  # share of requests that failed for good; dead links in listings make up to 3 %
FEWEST_REQUESTS = 10  # below this a share says nothing


# What a run notes that is as it should be: robots.txt kept, traps left out, manners kept.
_NOTES = (
    "addresses were not asked for: robots.txt forbids them",
    "addresses on listings were left out",
    "by its profile it is asked at",
    "requests were sent today and politeness.requests_a_day",
    "it is left for this run",
)


def alarms(run: RunLog) -> tuple[str, ...]:
    """Return the lines of a run that somebody has to look at."""
    lines = tuple(line for line in run.warnings if not any(note in line for note in _NOTES))
    if run.failed and not lines:
        return (f"the last run ended as {run.finish_reason}; see crawl.log",)
    return lines


def health_warnings(
    run: RunLog,
    site: Site,
    days: float | None = None,
    listed: int | None = None,
    wrongs: Mapping[str, int] = MappingProxyType({}),
) -> tuple[str, ...]:
    """Return one line a suspicion.

    `wrongs` counts what came instead of pages, in words.
    `listed` is how many articles, known ones too, the listings showed; None when nobody counted.
    `days` is the time since the run before, for a run that was to bring all that is new; None when it was cut
    short by the operator, or is the first: then the number of articles is not compared.
    """
    warnings = []
    nothing = not (run.articles or run.not_modified or run.gone or listed)
    if run.finish_reason in ("finished", "max_pages") and nothing:
        warnings.append(_nothing(run, site))
    if run.finish_reason != "gated" and run.requests >= FEWEST_REQUESTS and run.gated > MOST_GATES * run.requests:
        warnings.append(f"{run.gated} of {run.requests} requests were answered with a gate page")
    if run.finish_reason != "refused" and run.requests >= FEWEST_REQUESTS and run.errors > MOST_ERRORS * run.requests:
        commonest = ", ".join(f"{count} × {what}" for what, count in Counter(wrongs).most_common(3))
        why = f" ({commonest})" if commonest else ""
        warnings.append(f"{run.errors} of {run.requests} requests failed{why}; the addresses are in crawl.log")
    if days is not None and site.expected.articles_a_day is not None:
        warnings += _unusual_number(run, site.expected.articles_a_day, days)
    return tuple(warnings)


def _nothing(run: RunLog, site: Site) -> str:
    if not run.fetched:
        return "no page was received at all; see crawl.log"
    return (
        f"{run.fetched} pages were received and not one article was found on them. The site may have been redesigned: "
        f"`congdoan sites check {site.name}` says which selectors still match; compare its addresses with `sites show`"
    )


def _unusual_number(run: RunLog, expected: tuple[int, int], days: float) -> list[str]:
    least, most = expected[0] * days, expected[1] * days
    if days >= 1 and run.new_articles < least:
        return [f"{run.new_articles} new articles in {days:.1f} days; the profile expects at least {least:.0f}"]
    if run.new_articles > max(most, expected[1]):
        return [f"{run.new_articles} new articles in {days:.1f} days; the profile expects at most {most:.0f}"]
    return []
