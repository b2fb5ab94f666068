"""Which snapshots stay: those that a rule keeps, those that somebody named, and those that are being read.

A reader holds a shared lock on the manifest of its snapshot (`Lease`); the kernel lets go of it when the reader ends,
however it ends. It holds on this machine, and where the file system shares locks between machines. Of readers that know
nothing of leases it is seen that they have a file open.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
import weakref
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.cleared import retire
from pipeline.disk import refused_by_disk
from pipeline.foreign_readers import folders_in_use
from pipeline.snapshot_names import names, write_names
from pipeline.snapshots import MANIFEST, NoSuchSnapshot, Snapshot, TablesUnreadable, numbers

KEPT_NEWEST = 3  # the committed one and two before it, for readers that know nothing of leases
KEPT_DAYS = 7  # the last snapshot of each of so many days, the last days on which something was committed
_NAME = re.compile(r"(?!\d+$)[\w.-]{1,80}")


class NameRefused(ValueError):
    """A name that cannot be a snapshot's."""


class Lease:
    """Keeps a snapshot from being cleared away for as long as the lease lives."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Raises FileNotFoundError where the snapshot was cleared away already."""
        if snapshot.folder is None:
            raise FileNotFoundError("no snapshot")
        manifest = snapshot.folder / MANIFEST
        descriptor = os.open(manifest, os.O_RDONLY)
        self._let_go = weakref.finalize(self, os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        if not manifest.exists():  # cleared between the two
            self._let_go()
            raise FileNotFoundError(str(manifest))

    def release(self) -> None:
        """Let the snapshot be cleared away."""
        self._let_go()


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot and why it is kept: its names, "committed", "newest", "last of 2026-11-22", "being read"."""

    snapshot: Snapshot
    reasons: tuple[str, ...]


def kept_by_rule(snapshots: Sequence[Snapshot], newest: int = KEPT_NEWEST, days: int = KEPT_DAYS) -> dict[int, str]:
    """Return the snapshots that the rule keeps, by number, and why; `snapshots` oldest first.

    Days are those on which something was committed, by the clock of the machine that did. So a clock that jumps, and
    a corpus that nobody refreshed for a year, clear nothing away that is not followed by others.
    """
    reasons = {snapshot.number: "newest" for snapshot in snapshots[-newest:]}
    last_of_day: dict[dt.date, int] = {}
    for snapshot in snapshots:
        if snapshot.committed_at is not None:
            last_of_day[snapshot.committed_at.date()] = snapshot.number
    latest = sorted(last_of_day, key=lambda day: last_of_day[day])[-days:] if days else []
    for day in latest:
        reasons.setdefault(last_of_day[day], f"last of {day}")
    return reasons


def kept(corpus: Path, newest: int = KEPT_NEWEST, days: int = KEPT_DAYS) -> list[Kept]:
    """Return all snapshots, oldest first, each with the reasons to keep it; one without is cleared away next."""
    committed = Snapshot.committed(corpus).number
    there = readable(corpus)
    by_rule = kept_by_rule([snapshot for snapshot in there if snapshot.number <= committed], newest, days)
    found = []
    for snapshot in there:
        reasons = [*names(snapshot.folder)]
        reasons += ["committed"] if snapshot.number == committed else []
        reasons += [by_rule[snapshot.number]] if snapshot.number in by_rule else []
        reasons += ["being read"] if is_read(snapshot) else []
        found.append(Kept(snapshot, tuple(reasons)))
    if all(each.reasons for each in found):
        return found
    in_use = folders_in_use(corpus / "snapshots")
    return [
        Kept(each.snapshot, each.reasons or (("being read",) if _lies_in(each.snapshot, in_use) else ()))
        for each in found
    ]


def _lies_in(snapshot: Snapshot, folders: Collection[str]) -> bool:
    return snapshot.folder is not None and snapshot.folder.name in folders


def readable(corpus: Path) -> list[Snapshot]:
    """Return the snapshots whose manifest can be read, oldest first."""
    found = []
    for number in numbers(corpus):
        try:
            found.append(Snapshot.numbered(corpus, number))
        except (TablesUnreadable, NoSuchSnapshot):
            continue  # `congdoan check` names it
    return found


def prune(corpus: Path, newest: int = KEPT_NEWEST, days: int = KEPT_DAYS) -> list[int]:
    """Let the snapshots be none any more that nothing keeps, and return their numbers, oldest first.

    What they hold is for `pipeline.cleared` to delete.
    """
    there = [each.snapshot for each in kept(corpus, newest, days) if not each.reasons]
    return sorted(snapshot.number for snapshot in reversed(there) if _retired(snapshot))


def is_read(snapshot: Snapshot) -> bool:
    """Whether a process of this machine holds a lease on it."""
    descriptor = _locked(snapshot)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def _locked(snapshot: Snapshot) -> int | None:
    """Lock a snapshot that nobody reads; None when somebody does, or when it went meanwhile."""
    if snapshot.folder is None:
        return None
    try:
        descriptor = os.open(snapshot.folder / MANIFEST, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _retired(snapshot: Snapshot) -> bool:
    descriptor = _locked(snapshot)
    if descriptor is None or snapshot.folder is None:
        return False
    try:
        retire(snapshot.folder)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


# --------------------------------------------------------------------------- names
def keep(snapshot: Snapshot, name: str) -> None:
    """Keep a snapshot, under a name, until it is released. A name is of one snapshot only.

    Raises:
        NameRefused: no plain word, or the name of another snapshot.
    """
    if _NAME.fullmatch(name) is None:
        raise NameRefused(f"{name!r}: a name has letters, digits, '.', '_', '-', up to 80, and is not a number")
    for other in readable(snapshot.corpus):
        if other.number != snapshot.number and name in names(other.folder):
            raise NameRefused(f"{name!r} is snapshot {other.number} already; release it first")
    _write_names(snapshot, [*names(snapshot.folder), name])


def release(snapshot: Snapshot, name: str) -> None:
    """Take a name away from a snapshot; without one the rule decides about it.

    Raises:
        NameRefused: it does not have that name.
    """
    known = names(snapshot.folder)
    if name not in known:
        raise NameRefused(f"snapshot {snapshot.number} is not kept as {name!r}; its names: {' '.join(known) or 'none'}")
    _write_names(snapshot, [other for other in known if other != name])


def _write_names(snapshot: Snapshot, some: Iterable[str]) -> None:
    if snapshot.folder is None:
        raise NameRefused("nothing is committed yet")
    with refused_by_disk(snapshot.corpus):
        write_names(snapshot.folder, some)


# --------------------------------------------------------------------------- the past
def snapshot_at(corpus: Path, at: int | str | dt.date | None) -> Snapshot:
    """Return a snapshot by its number, by a name it is kept by, or the last one committed by a day or time.

    A day counts to its end, UTC; a time without a zone is UTC.

    Raises:
        NoSuchSnapshot: none of that number or name, or none is kept from so early; lists what is there.
        TablesUnreadable: it is damaged, or of another schema.
    """
    if at is None:
        return Snapshot.committed(corpus)
    if isinstance(at, int) or (isinstance(at, str) and at.isdecimal()):
        return Snapshot.numbered(corpus, int(at))
    there = readable(corpus)
    for snapshot in there:
        if isinstance(at, str) and at in names(snapshot.folder):
            return snapshot
    limit = _end_of(at)
    if limit is not None:
        by_then = [snapshot for snapshot in there if snapshot.committed_at and snapshot.committed_at <= limit]
        if by_then:
            return by_then[-1]
    known = "; ".join(
        " ".join([str(each.number), str(each.committed_at or "")[:16], *names(each.folder)]) for each in there
    )
    raise NoSuchSnapshot(
        f"{corpus}: no snapshot {at!s} (a number, a name, or a day or time in ISO form); there are: {known or 'none'}"
    )


def _end_of(at: str | dt.date) -> dt.datetime | None:
    """Return the end of a day, or a time; None for text that is neither."""
    if isinstance(at, str):
        try:
            at = dt.date.fromisoformat(at) if len(at) <= 10 else dt.datetime.fromisoformat(at)
        except ValueError:
            return None
    if not isinstance(at, dt.datetime):
        at = dt.datetime.combine(at, dt.time.max)
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)
