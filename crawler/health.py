"""Whether a run brought what the profile expects: a crawl that fetched nothing is not a success."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from crawler.notes import Code, Note
from crawler.runlog import RunLog
from crawler.site import Site

MOST_GATES = 0.02  # share of requests; a healthy site shows none, and a few can be the network's
MOST_ERRORS = 0.1  # share of requests that failed for good; dead links in listings make up to 3 %
FEWEST_REQUESTS = 10  # below this a share says nothing
ONE_DAY = dt.timedelta(days=1)  # of less the number of articles says nothing
LATELY = dt.timedelta(days=30)  # in which a sitemap must have shown articles, for its silence to be news


def alarms(run: RunLog) -> tuple[Note, ...]:
    """Return the notes of a run that somebody has to look at."""
    notes = tuple(note for note in run.notes if note.needs_a_person)
    if run.failed and not notes:
        return (Note(Code.FAILED, f"the last run ended as {run.finish_reason}; see crawl.log"),)
    return notes


def health_notes(
    run: RunLog,
    site: Site,
    earlier: Sequence[RunLog] | None = None,
    listed: int | None = None,
    wrongs: Mapping[str, int] = MappingProxyType({}),
) -> tuple[Note, ...]:
    """Return one note a suspicion.

    `wrongs` counts what came instead of pages, in words.
    `listed` is how many articles, known ones too, the listings showed; None when nobody counted.
    `earlier` are the site's runs before, oldest first, for a run that was to bring all that is new; None when it was
    cut short, by the operator or otherwise: then neither articles nor listings are compared.
    """
    return tuple(_notes(run, site, earlier, listed, wrongs))


def _notes(
    run: RunLog, site: Site, earlier: Sequence[RunLog] | None, listed: int | None, wrongs: Mapping[str, int]
) -> Iterator[Note]:
    nothing = not (run.articles or run.not_modified or run.gone or listed)
    if run.finish_reason in ("finished", "max_pages") and nothing:
        yield Note(Code.NOTHING, _nothing(run, site))
    if run.finish_reason != "gated" and run.requests >= FEWEST_REQUESTS and run.gated > MOST_GATES * run.requests:
        yield Note(Code.GATES, f"{run.gated} of {run.requests} requests were answered with a gate page")
    if run.finish_reason != "refused" and run.requests >= FEWEST_REQUESTS and run.errors > MOST_ERRORS * run.requests:
        commonest = ", ".join(f"{count} × {what}" for what, count in Counter(wrongs).most_common(3))
        why = f" ({commonest})" if commonest else ""
        yield Note(Code.ERRORS, f"{run.errors} of {run.requests} requests failed{why}; the addresses are in crawl.log")
    if earlier is not None:
        yield from _unusual_number(run, site, earlier)
        if not nothing:
            yield from _dried_up(run, site, earlier)


def _nothing(run: RunLog, site: Site) -> str:
    if not run.fetched and any(note.code is Code.FORBIDDEN for note in run.notes):
        return (
            "no page was asked for: robots.txt forbids all that the profile starts from, or it is not on the site's "
            "hosts. Ask the publisher, or see `start` in the profile"
        )
    if not run.fetched:
        return "no page was received at all; see crawl.log"
    return (
        f"{run.fetched} pages were received and not one article was found on them. The site may have been redesigned: "
        f"`congdoan sites check {site.name}` says which selectors still match; compare its addresses with `sites show`"
    )


# --------------------------------------------------------------------------- the number of articles
def _unusual_number(run: RunLog, site: Site, earlier: Sequence[RunLog]) -> Iterator[Note]:
    """Hold the new articles of a day or more against the profile: of this run and of those within a day before it."""
    if site.expected.articles_a_day is None:
        return
    whole = [log for log in earlier if log.finish_reason == "finished"]
    before = [log for log in whole if run.started_at - log.started_at >= ONE_DAY]
    since = before[-1] if before else whole[0] if whole else None
    if since is None:
        return
    days = (run.started_at - since.started_at) / ONE_DAY
    new = run.new_articles + sum(log.new_articles for log in earlier if log.started_at > since.started_at)
    least, most = (count * days for count in site.expected.articles_a_day)
    if days >= 1 and new < least:
        yield Note(Code.TOO_FEW, f"{new} new articles in {days:.1f} days; the profile expects at least {least:.0f}")
    elif new > max(most, site.expected.articles_a_day[1]):
        yield Note(Code.TOO_MANY, f"{new} new articles in {days:.1f} days; the profile expects at most {most:.0f}")


# --------------------------------------------------------------------------- listings, feeds, sitemaps
def _dried_up(run: RunLog, site: Site, earlier: Sequence[RunLog]) -> Iterator[Note]:
    """Give a note for what shows no article now and showed some lately, or is in the profile and never showed any.

    The first run may have come to a new section too early.
    """
    named = {*site.start.sections, *site.start.feeds, *site.start.sitemaps}
    recent = [log for log in earlier if run.started_at - log.started_at <= LATELY]
    for url in (url for url, count in run.shown if not count):
        before = [count for log in recent for shown, count in log.shown if shown == url]
        last = next((count for count in reversed(before) if count), 0)
        if last:
            yield Note(Code.DRIED_UP, f"{url} showed {last} articles before and shows none now; {_WAY_OUT}")
        elif before and url in named:
            yield Note(Code.DRIED_UP, f"{url} shows no article, and showed none before; {_WAY_OUT}")


_WAY_OUT = "if the site has moved or dropped it, mend `start` in the profile"
