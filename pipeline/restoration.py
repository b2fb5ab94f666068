"""Mend a corpus from its archive: damaged tables are made anew, leftovers removed, torn records cut off."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from crawler.archive import archive_files, mend
from crawler.lock import CorpusBusy, build_lock, corpus_lock
from crawler.sites import Sites
from pipeline.build import build, refuse_nothing
from pipeline.integrity import DamagedFile, damaged_copies, damaged_files, damaged_others, orphans
from pipeline.invariants import broken_rules
from pipeline.query import open_corpus
from pipeline.snapshot_names import names
from pipeline.snapshots import POINTER, Snapshot, TablesNewer, TablesUnreadable, folder_of
from pipeline.tables import WHOLE
from pipeline.tables_link import mend_link, swap_link

Tell = Callable[[str], None]


def repair(corpus: Path, sites: Sites, *, workers: int | None = None, tell: Tell = lambda _line: None) -> list[str]:
    """Mend what can be mended, and return one line for each thing that was done.

    Only what the archive does not give back is left: a WARC file that is gone or damaged in its middle.

    Raises:
        NothingArchived, CorpusBusy, TablesUnwritable, ArchiveIncomplete: as `build`.
        TablesNewer: the tables are a newer congdoan's.
    """
    refuse_nothing(corpus)
    done = [f"archive: {line}" for line in _mended_archive(corpus)]
    with build_lock(corpus):  # what a build at work has there for now looks like a leftover, or like damage
        broken, why = _committed(corpus)
        if broken is not None:
            done += _without_strays(broken)  # first: they are read along with the tables, and break rules
            harm = _harm(broken)
    if broken is None:
        report = build(corpus, sites, workers=workers, tell=tell, all_anew=why)
        done.append(f"tables: made anew from the archive as snapshot {report.snapshot}, for {why}")
    else:
        done += _mended_tables(broken, *harm, sites=sites, workers=workers, tell=tell)
    with build_lock(corpus):
        snapshot = Snapshot.committed(corpus)
        return done + _mended_link(snapshot, tell) + _without_damaged(snapshot) + _without_strays(snapshot)


def _mended_link(snapshot: Snapshot, tell: Tell) -> list[str]:
    if any(damaged_copies(snapshot)):
        swap_link(snapshot.corpus, snapshot.number, tell)
        return ["tables: the copy in the place of the link was damaged: made anew"]
    return ["tables: the link to the committed snapshot was gone"] if mend_link(snapshot, tell) else []


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
    except TablesNewer:
        raise
    except TablesUnreadable as error:
        (corpus / "snapshots" / POINTER).unlink(missing_ok=True)
        if _leads_to_itself(corpus / "tables"):
            (corpus / "tables").unlink()
        return None, str(error).split(";")[0]
    return snapshot, ""


def _leads_to_itself(link: Path) -> bool:
    try:
        link.resolve()
    except (RuntimeError, OSError):
        return True
    return False


def _harm(snapshot: Snapshot) -> tuple[list[DamagedFile], str]:
    """Return the damaged files of a snapshot, and why all of it is to be made anew where that is so."""
    if not _can_be_kept(snapshot):
        return [], ""
    damaged = list(damaged_files(snapshot))
    if any(each.file.partition == WHOLE and each.file.rows == 0 for each in damaged):
        return damaged, "the file of a table without rows is damaged"
    broken = [] if damaged else list(broken_rules(open_corpus(snapshot.corpus)))
    return damaged, broken[0] if broken else ""


def _can_be_kept(snapshot: Snapshot) -> bool:
    return snapshot.folder is not None and snapshot.is_of_this_schema


def _mended_tables(
    snapshot: Snapshot, damaged: Sequence[DamagedFile], all_anew: str, *, sites: Sites, workers: int | None, tell: Tell
) -> list[str]:
    if not _can_be_kept(snapshot):
        report = build(snapshot.corpus, sites, workers=workers, tell=tell)
        return [f"tables: built as snapshot {report.snapshot}"]
    if not damaged and not all_anew:
        return []
    anew = {each.file.partition.site: f"{each.table}/{each.file.path} {each.why}" for each in damaged}
    report = build(snapshot.corpus, sites, workers=workers, tell=tell, anew=anew, all_anew=all_anew)
    done = [f"tables: {each.table}/{each.file.path} {each.why}: made anew from the archive" for each in damaged]
    done += [f"tables: all made anew from the archive: {all_anew}"] if all_anew else []
    done.append(f"tables: committed as snapshot {report.snapshot}")
    return done


def _without_strays(snapshot: Snapshot) -> list[str]:
    done = []
    for path in orphans(snapshot):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        done.append(f"removed: {path}, which is part of no snapshot")
    return done


def _without_damaged(committed: Snapshot) -> list[str]:
    """Clear away the other snapshots that are damaged: a changed file is one on the disk with several names."""
    done = []
    for number, why in damaged_others(committed):
        folder = folder_of(committed.corpus, number)
        if named := names(folder):
            done.append(f"left: snapshot {number}, kept as {', '.join(named)}, has damaged files too ({why})")
        else:
            shutil.rmtree(folder)
            done.append(f"removed: snapshot {number}, which has damaged files too ({why})")
    return done
