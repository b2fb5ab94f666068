"""Mend a corpus from its archive: damaged tables are made anew, leftovers removed, torn records cut off."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from crawler.archive import archive_files, mend
from crawler.lock import CorpusBusy, corpus_lock
from crawler.sites import Sites
from pipeline.build import build
from pipeline.commits import mend_link
from pipeline.integrity import DamagedFile, damaged_files, orphans
from pipeline.invariants import broken_rules
from pipeline.query import open_corpus
from pipeline.retention import names, readable
from pipeline.snapshots import POINTER, Snapshot, TablesUnreadable
from pipeline.tables import WHOLE

Tell = Callable[[str], None]


def repair(corpus: Path, sites: Sites, *, workers: int | None = None, tell: Tell = lambda _line: None) -> list[str]:
    """Mend what can be mended, and return one line for each thing that was done.

    Only what the archive does not give back is left: a WARC file that is gone or damaged in its middle.

    Raises:
        NothingArchived, CorpusBusy, TablesUnwritable, ArchiveIncomplete: as `build`.
    """
    done = [f"archive: {line}" for line in _mended_archive(corpus)]
    broken, why = _committed(corpus)
    if broken is None:
        report = build(corpus, sites, workers=workers, tell=tell, all_anew=why)
        done.append(f"tables: made anew from the archive as snapshot {report.snapshot}, for {why}")
    else:
        done += _without_strays(broken)  # first: they are read along with the tables, and break rules
        done += _mended_tables(broken, sites, workers, tell)
    snapshot = Snapshot.committed(corpus)
    if not (corpus / "tables").is_symlink():
        mend_link(snapshot, tell)
        done.append("tables: the link to the committed snapshot was gone")
    return done + _without_strays(snapshot)


def _mended_archive(corpus: Path) -> list[str]:
    try:
        with corpus_lock(corpus):
            return [line for file in archive_files(corpus) if (line := mend(corpus, file))]
    except CorpusBusy as busy:  # what is being written looks torn, and the crawl mends it itself
        return [f"not looked at: {busy}"]


def _committed(corpus: Path) -> tuple[Snapshot | None, str]:
    """Return the committed snapshot, or None and why it cannot be read at all."""
    try:
        snapshot = Snapshot.committed(corpus)
        snapshot.all_files()
    except TablesUnreadable as error:
        (corpus / "snapshots" / POINTER).unlink(missing_ok=True)
        return None, str(error).split(";")[0]
    return snapshot, ""


def _mended_tables(snapshot: Snapshot, sites: Sites, workers: int | None, tell: Tell) -> list[str]:
    if snapshot.folder is None or not snapshot.is_of_this_schema:
        report = build(snapshot.corpus, sites, workers=workers, tell=tell)
        return [f"tables: built as snapshot {report.snapshot}"]
    damaged = list(damaged_files(snapshot))
    anew = {each.file.partition.site: f"{each.table}/{each.file.path} {each.why}" for each in damaged}
    all_anew = ""
    if any(each.file.partition == WHOLE and each.file.rows == 0 for each in damaged):
        all_anew = "the file of a table without rows is damaged"
    elif not damaged and (broken := list(broken_rules(open_corpus(snapshot.corpus)))):
        all_anew = broken[0]
    if not anew and not all_anew:
        return []
    report = build(snapshot.corpus, sites, workers=workers, tell=tell, anew=anew, all_anew=all_anew)
    done = [f"tables: {each.table}/{each.file.path} {each.why}: made anew from the archive" for each in damaged]
    done += [f"tables: all made anew from the archive: {all_anew}"] if all_anew else []
    done.append(f"tables: committed as snapshot {report.snapshot}")
    return done + _without_damaged(snapshot, damaged)


def _without_strays(snapshot: Snapshot) -> list[str]:
    done = []
    for path in orphans(snapshot):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        done.append(f"removed: {path}, which is part of no snapshot")
    return done


def _without_damaged(mended: Snapshot, damaged: list[DamagedFile]) -> list[str]:
    """Clear away the snapshots that hold a damaged file too: it is one file on the disk with several names."""
    paths = {(each.table, each.file.path) for each in damaged}
    done = []
    for snapshot in readable(mended.corpus):
        shares = (
            snapshot.number <= mended.number
            and snapshot.is_of_this_schema
            and any((table, file.path) in paths for table, file in snapshot.all_files())
        )
        if not shares or snapshot.folder is None or not any(True for _ in damaged_files(snapshot)):
            continue
        if named := names(snapshot):
            done.append(f"left: snapshot {snapshot.number}, kept as {', '.join(named)}, has damaged files too")
        else:
            shutil.rmtree(snapshot.folder)
            done.append(f"removed: snapshot {snapshot.number}, which has damaged files too")
    return done
