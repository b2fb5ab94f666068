"""One site crawled in this process, quietly, and by a clock of the test's where one is given."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from crawler.clock import Clock
from crawler.orders import Orders
from crawler.run import crawl
from crawler.runlog import RunLog
from crawler.site import Site

CONTACT = "ban@vinhkhe.vn"


def standing(when: dt.datetime) -> Clock:
    """Return a clock that always shows the same time."""
    return Clock(lambda: when)


def crawl_one(
    corpus: Path, site: Site, told: list[str] | None = None, *, clock: Clock = Clock(), **orders: Any
) -> RunLog:
    """Crawl the site as ordered (`crawler.orders`); what the operator is told goes to `told`."""
    lines: list[str] = [] if told is None else told
    (run,) = crawl(corpus, [site], CONTACT, Orders(**orders), tell=lines.append, clock=clock)
    return run
