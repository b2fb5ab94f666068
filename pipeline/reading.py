"""Read the archive: captures to editions, which wait in the spool, and to rows of `dropped`."""

from __future__ import annotations

import datetime as dt
import functools
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from crawler.archive import Capture
from crawler.sites import Sites
from pipeline.addresses import address
from pipeline.captures import Edition, dropped, read_capture
from pipeline.disk import refused_by_disk
from pipeline.redirects import no_more
from pipeline.schema import DroppedRow
from pipeline.sightings import times_by_article
from pipeline.spool import Spool
from pipeline.unread import Unread
from pipeline.workers import Engine, Failure, Progress, map_records

Tell = Callable[[str], None]
Times = dict[str, list[dt.datetime]]  # by article_id


@dataclass(slots=True)
class Reading:
    """What captures turned out to be.

    Attributes:
        gone: when articles were answered as gone; `not_modified`: when with 304.
        seen: time of the newest capture, by site.
    """

    spool: Spool
    dropped: list[DroppedRow] = field(default_factory=list)
    gone: Times = field(default_factory=dict)
    not_modified: Times = field(default_factory=dict)
    seen: dict[str, dt.datetime] = field(default_factory=dict)
    captures: int = 0

    def see(self, site: str, time: dt.datetime) -> None:
        """Take note of when a capture of a site was made."""
        self.seen[site] = max(time, self.seen.get(site, time))


def read_archive(unread: Unread, sites: Sites, spool: Spool, engine: Engine, tell: Tell) -> Reading:
    """Parse and clean captures, side by side in processes.

    Raises:
        TablesUnwritable: the disk has no room for what was read.
    """
    read = Reading(spool)
    progress = Progress("captures read", tell, unread.share, is_drop=_is_dropped)
    answers = map_records(partial(_read_batch, pickle.dumps(sites)), unread.captures(), engine)
    for answer in progress.watch(answers):
        read.captures += 1
        if isinstance(answer, Edition):
            with refused_by_disk(unread.corpus):
                spool.add(answer)
        else:
            answer = _failed(answer, sites) if isinstance(answer, Failure) else answer
            read.dropped.append(answer)
        read.see(answer.site, answer.fetched_at)
    read.gone = times_by_article(no_more(read.dropped, sites), sites)
    read.not_modified = times_by_article(unread.not_modified, sites)
    for url, time in unread.not_modified:
        read.see(address(url, sites)[0], time)
    return read


def _is_dropped(answer: object) -> bool:
    return isinstance(answer, DroppedRow)


def _failed(failure: Failure[Capture], sites: Sites) -> DroppedRow:
    capture = failure.record
    return dropped(capture, address(capture.url, sites)[0], "parse", "error", failure.detail)


def _read_batch(sites: bytes, captures: list[Capture]) -> list[Edition | DroppedRow]:
    return [read_capture(capture, _profiles(sites)) for capture in captures]


@functools.lru_cache(maxsize=1)
def _profiles(pickled: bytes) -> Sites:
    """Return the profiles, the same in every batch of a process: what a profile has worked out it works out once."""
    sites: Sites = pickle.loads(pickled)  # noqa: S301 - by the driver
    return sites
