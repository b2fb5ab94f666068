"""Topics, tags and events that a site's pages link to: found on what is read anyway, walked a few a run."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator

from crawler.addresses import joined
from crawler.frontier import Frontier
from crawler.site import Site
from crawler.siterun import SiteRun

MOST_KNOWN = 2_000  # topics remembered of a site; a paper has some hundreds about labour, a trap has no end
# Bytes, because parsing an article's page for a handful of links would cost more than all else that is done with it.
# A look ends at the next tag: a page of nothing but "<a " would else be read to its end from each of them
_HREF = re.compile(rb"""<a\s[^<>]*?\bhref\s*=\s*["']?([^"'\s>]{1,1000})""", re.IGNORECASE)


def topics_on(site: Site, body: bytes, base: str) -> dict[str, None]:
    """Return the addresses of the topics that a page links to, in its order."""
    if site.start.topics.address is None:
        return {}
    links = (html.unescape(link.decode("utf-8", errors="replace")) for link in _HREF.findall(body))
    return dict.fromkeys(topic for link in links if (topic := _topic(site, base, link)))


def _topic(site: Site, base: str, link: str) -> str | None:
    url = joined(base, link)
    return site.topic_url(url) if url else None


def topics_in_turn(run: SiteRun) -> Iterator[str]:
    """Give the topics to read in a run: those never read first, then those read longest ago.

    No more than `start.topics.a_run`; in a refresh those read before only where news is likely. What is left is told.
    """
    site, frontier, begun = run.site, run.frontier, run.log.started_at
    by_rate = run.orders.refresh and run.orders.recheck_after is None
    turn = [
        url
        for url, asked_at in frontier.topics(site.name)
        if asked_at is None or (asked_at < begun and not (by_rate and _is_quiet(frontier, site, url, begun)))
    ]
    most = site.start.topics.a_run
    if len(turn) > most:
        run.tell(
            f"{site.name}: {most} of {len(turn)} topics are read in this run, the others in the next ones "
            f"(start.topics.a_run in the profile)"
        )
    for url in turn[:most]:
        frontier.note_topic_asked(site.name, url, run.clock.now())
        yield url


def _is_quiet(frontier: Frontier, site: Site, url: str, now: dt.datetime) -> bool:
    return not frontier.listing_due(site.name, url, now)
