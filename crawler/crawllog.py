"""What Scrapy and its libraries log while a crawl runs, in a file of the corpus instead of on the operator's screen."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from crawler.storage import refused_by_disk

LOG_BYTES, LOGS_KEPT = 20_000_000, 3  # crawl.log, and crawl.log.1 to .3: a crawl runs for a year
LOGGED = ("scrapy", "twisted", "asyncio", "aiohttp", "protego", "crawler")


class _CrawlLog(RotatingFileHandler):
    """The crawl's log; on a full disk it goes without, for the archive, on the same disk, says so in one line."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


@contextmanager
def crawl_log(corpus: Path) -> Iterator[None]:
    """Send what is logged meanwhile to `<corpus>/crawl.log`."""
    path = corpus / "crawl.log"
    with refused_by_disk(path):
        corpus.mkdir(parents=True, exist_ok=True)
        log_file = _CrawlLog(path, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8")
    log_file.setLevel(logging.INFO)
    log_file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    loggers = [logging.getLogger(name) for name in LOGGED]
    before = [(logger.propagate, logger.level) for logger in loggers]
    for logger in loggers:
        logger.addHandler(log_file)
        logger.propagate = False
        logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        for logger, (propagate, level) in zip(loggers, before, strict=True):
            logger.removeHandler(log_file)
            logger.propagate, logger.level = propagate, level
        log_file.close()
