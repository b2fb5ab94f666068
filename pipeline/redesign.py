"""Which selectors of a profile a redesign broke, told from the pages of the last run as they are archived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from crawler.archive import RunLog, read_captures
from crawler.notes import Code, Note
from crawler.site import Site
from pipeline.query import Corpus, asked
from pipeline.sitecheck import NothingToCheck, check_profile, sample, why_unread
from pipeline.sitecheck.report import NOT_THE_PROFILES

FEWEST_PAGES = 5  # article pages of the last runs; of fewer a share says nothing
FEWEST_BROKEN = 3  # of them: one odd page among twenty is over the profile's share, and no redesign
MOST_PAGES = 40  # pages read again to name a broken selector: two seconds


def broken_selectors(path: Path, corpus: Corpus, site: Site, runs: Sequence[RunLog]) -> Iterator[Note]:
    """Give a note for each of title and body that the profile's selectors find on too few of the last run's pages.

    The tables say whether there is anything to look for, so that a healthy site costs no reading.
    """
    pages = _pages_of_last_runs(corpus, site, runs)
    unread = sum(not well for *_, well in pages)
    most = (1 - max(site.expected.title, site.expected.body)) * len(pages)
    if not site.layouts or unread < FEWEST_BROKEN or unread <= most:
        return
    wanted = {(file, offset) for file, offset, _ in pages[-MOST_PAGES:]}
    captures = (
        capture
        for file in sorted({file for file, _ in wanted})
        for capture in read_captures(path, file)
        if (file, capture.offset) in wanted
    )
    try:
        report = check_profile(site, sample(captures, site, MOST_PAGES))
    except NothingToCheck:
        return
    missing = [
        field
        for field in report.fields
        if field.name in ("title", "body") and field.too_few and field.pages - field.by_profile >= FEWEST_BROKEN
    ]
    # where the body's selector broke nothing of the page is read, though the title's may match as ever
    for field in [field for field in missing if field.broken] or missing:
        broken = "; ".join(f"layout {one.layout}: {one.css} matches {one.matched}" for one in field.broken)
        yield Note(
            Code.REDESIGNED,
            f"redesigned? {field.name} on {field.by_profile} of {field.pages} pages by the profile, expected "
            f"{field.expected:.0%} ({broken or why_unread(field, report.refused)}). The pages are archived: add a "
            f"layout to the profile, try it with `congdoan sites check {site.name}`, and `congdoan build` reads them "
            "again",
        )


def _pages_of_last_runs(corpus: Corpus, site: Site, runs: Sequence[RunLog]) -> list[tuple[str, int, bool]]:
    """Return the article pages of the last run (and of runs before it, until there are FEWEST_PAGES), oldest first.

    Each with its place in the archive, and whether a layout of the profile read it, or it says what it said before.
    """
    query = """
        SELECT capture_file, capture_offset, url, layout, NULL AS reason, fetched_at FROM articles
        WHERE site = {0} AND fetched_at >= {1}
        UNION ALL SELECT capture_file, capture_offset, url, NULL, reason, fetched_at FROM dropped
        WHERE site = {0} AND fetched_at >= {1} AND (stage = 'parse' OR reason = 'unchanged') ORDER BY fetched_at"""
    for run in reversed(runs):
        pages = [
            (file, offset, reason == "unchanged" or (layout or "").startswith(f"{site.name}/"))
            for file, offset, url, layout, reason, _ in asked(corpus, query, site.name, run.started_at)
            if site.article_id(url) is not None and reason not in NOT_THE_PROFILES
        ]
        if len(pages) >= FEWEST_PAGES:
            return pages
    return []
