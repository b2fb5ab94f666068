"""How many requests each host was sent each day, over all profiles and runs of a corpus: for the cap a day."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Self

from crawler.storage import ArchiveUnwritable, write_atomically

# Requests that are written down before they go out, so that a killed run is counted rather too much than too little;
# the rest is given back when a run ends. The same number between two writings of the run log.
BLOCK = 25
DAYS_KEPT = 3  # more than one, since profiles of one host may have other zones


class LedgerDamaged(ArchiveUnwritable):
    """The file of the counts cannot be read; the message is one line and says what to do."""


class RequestLedger:
    """The counts of `<corpus>/requests.json`. One process writes at a time (the crawl holds the corpus's lock).

    A day is the calendar's of the zone of the profile that asks.
    """

    def __init__(self, corpus: Path) -> None:
        self._path = corpus / "requests.json"
        self._written = _read(self._path)
        self._counts = {host: dict(days) for host, days in self._written.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._written != self._counts:
            self._write(self._counts)

    def sent(self, host: str, day: dt.date) -> int:
        """Return the requests that were sent to the host on the day."""
        return self._counts.get(host, {}).get(day.isoformat(), 0)

    def add(self, host: str, day: dt.date, most: int | None = None) -> None:
        """Count a request that goes out now; `most` is the cap, if there is one."""
        days, today = self._counts.setdefault(host, {}), day.isoformat()
        days[today] = days.get(today, 0) + 1
        for old in sorted(days.keys() - {today})[: 1 - DAYS_KEPT]:  # a clock set back makes today the oldest
            del days[old]
        if days[today] > self._written.get(host, {}).get(today, 0):
            reserved = days[today] + BLOCK - 1
            if most is not None:
                reserved = max(days[today], min(reserved, most))
            self._write(self._written | {host: days | {today: reserved}})

    def _write(self, counts: dict[str, dict[str, int]]) -> None:
        write_atomically(self._path, json.dumps(counts, indent=1, sort_keys=True) + "\n")
        self._written = counts


def _read(path: Path) -> dict[str, dict[str, int]]:
    if not path.exists():
        return {}
    try:
        counts = json.loads(path.read_text(encoding="utf-8"))
        return {str(host): {str(day): int(count) for day, count in days.items()} for host, days in counts.items()}
    except (ValueError, AttributeError, TypeError) as error:
        advice = "remove it: then the requests of today are counted from now on"
        raise LedgerDamaged(f"{path}: not the requests of each host and day ({error}); {advice}") from error
