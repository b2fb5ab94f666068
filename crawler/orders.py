"""What is asked of a crawl."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.heard import Questions


@dataclass(frozen=True, slots=True)
class Orders:
    """What the operator asks of a crawl; in the last two, what a command of ours asks besides.

    `since` and `until` are days in the site's zone, both inclusive. `max_pages` is the most article pages fetched a
    site; what is found beyond it stays queued for the next crawl. `sections` are paths ("cong-doan"), then feeds and
    sitemaps are left alone. A `refresh` without `since` and `sections` keeps to those of the site's last crawl; it asks
    known articles again, conditionally, when a look is due by the policy of `crawler.revisit`; with `recheck_after`,
    which makes any crawl a refresh, when last asked so long ago or longer. With `wait` the crawl of a site pauses
    outside its hours and when its requests of the day are spent, and goes on when it may; else it ends there.

    `questions` say what is asked for, and nothing else is. A crawl `on_behalf_of` another corpus counts to that one's
    requests a day, and none is at work there meanwhile: a host sees one of us at a time.
    """

    since: dt.date | None = None
    until: dt.date | None = None
    max_pages: int | None = None
    sections: tuple[str, ...] = ()
    refresh: bool = False
    recheck_after: dt.timedelta | None = None
    wait: bool = False
    questions: Questions | None = None
    on_behalf_of: Path | None = None

    @property
    def asks_again(self) -> bool:
        """Whether known articles are asked for again."""
        return self.refresh or self.recheck_after is not None

    def window(self, timezone: str) -> tuple[dt.datetime | None, dt.datetime | None]:
        """Return the first moment wanted and the first no longer wanted."""
        zone = ZoneInfo(timezone)
        since = dt.datetime.combine(self.since, dt.time.min, zone) if self.since else None
        until = dt.datetime.combine(self.until + dt.timedelta(days=1), dt.time.min, zone) if self.until else None
        return since, until
