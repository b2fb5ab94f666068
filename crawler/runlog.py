"""What a crawl run did on one site: one small JSON file a run and site, beside its WARC files."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from crawler.notes import Code, Note
from crawler.storage import site_folder, write_atomically

# Ends that are the data's fault (exit code 1). The others are finished, max_pages and stopped.
FAILED = frozenset({"unreachable", "robots_unknown", "gated", "refused", "unwritable", "failed", "clock"})

_NO_COLUMNS = ("notes", "shown", "scope")  # of a log, beside the columns of the `runs` table


@dataclass(frozen=True, slots=True)
class Scope:
    """How far back and in which sections (none: everywhere) a run walked its listings."""

    since: dt.date | None
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunLog:
    """Counts of one run on one site. Times are aware UTC.

    `shown` is how many articles, known ones too, each listing, feed and sitemap showed that the profile or robots.txt
    names: (address, articles). `scope` is None in logs of before it was kept.
    """

    run_id: str
    site: str
    started_at: dt.datetime
    finished_at: dt.datetime | None = None
    requests: int = 0
    fetched: int = 0
    not_modified: int = 0
    articles: int = 0
    new_articles: int = 0
    gone: int = 0
    gated: int = 0
    errors: int = 0
    bytes: int = 0
    finish_reason: str | None = None
    notes: tuple[Note, ...] = ()
    shown: tuple[tuple[str, int], ...] = ()
    scope: Scope | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """The lines of the notes."""
        return tuple(note.line for note in self.notes)

    @property
    def failed(self) -> bool:
        """Whether the run ended for a reason that somebody has to look at."""
        return self.finish_reason in FAILED

    @property
    def brought_nothing(self) -> bool:
        """Whether the run came to its end with not one article, new or known, to show."""
        return any(note.code is Code.NOTHING for note in self.notes)

    def row(self) -> dict[str, Any]:
        """Return the fields of the `runs` table."""
        values = {name: value for name, value in asdict(self).items() if name not in _NO_COLUMNS}
        return values | {"warnings": self.warnings}


def new_run_id(started_at: dt.datetime) -> str:
    """Return start time and process: "20260922T042000123456Z-4711". Sorts by time."""
    return f"{started_at.astimezone(dt.UTC):%Y%m%dT%H%M%S%fZ}-{os.getpid()}"


def write_run(corpus: Path, run: RunLog) -> None:
    """Write `<corpus>/archive/<site>/<run_id>.run.json`, whole or not at all (ArchiveUnwritable)."""
    values = asdict(run)
    for name in ("started_at", "finished_at"):
        values[name] = values[name].isoformat() if values[name] else None
    values["shown"] = dict(run.shown)
    if run.scope is not None:
        values["scope"]["since"] = run.scope.since.isoformat() if run.scope.since else None
    text = json.dumps(values, ensure_ascii=False, indent=1) + "\n"
    write_atomically(site_folder(corpus, run.site) / f"{run.run_id}.run.json", text)


def _as_run(values: dict[str, Any]) -> RunLog:
    finished_at = values["finished_at"]
    known = {field.name: values[field.name] for field in fields(RunLog) if field.name not in _NO_COLUMNS}
    return RunLog(
        **known
        | {
            "started_at": dt.datetime.fromisoformat(values["started_at"]),
            "finished_at": dt.datetime.fromisoformat(finished_at) if finished_at else None,
            "notes": tuple(_notes(values)),
            "shown": tuple(values.get("shown", {}).items()),
            "scope": _scope(values.get("scope")),
        }
    )


def _scope(values: dict[str, Any] | None) -> Scope | None:
    if values is None:
        return None
    since = values["since"]
    return Scope(dt.date.fromisoformat(since) if since else None, tuple(values["sections"]))


def _notes(values: dict[str, Any]) -> Iterator[Note]:
    """Give the notes of a run log; one of before there were codes has lines only."""
    for line in values.get("warnings", ()):
        yield Note(Code.UNCODED, line)
    for note in values.get("notes", ()):
        yield Note(Code(note["code"]), note["line"])


class RunLogDamaged(ValueError):
    """A run log that cannot be read; the message names the file."""


def read_runs(corpus: Path) -> list[RunLog]:
    """Return all runs of the corpus, oldest first.

    Raises:
        RunLogDamaged: a file is not what `write_run` writes.
    """
    runs = []
    for path in sorted((corpus / "archive").glob("*/*.run.json")):
        try:
            runs.append(_as_run(json.loads(path.read_text(encoding="utf-8"))))
        except (ValueError, KeyError, TypeError) as error:
            raise RunLogDamaged(f"{path}: not a run log ({error}); remove the file: the pages are not in it") from error
    return sorted(runs, key=lambda run: (run.started_at, run.site))
