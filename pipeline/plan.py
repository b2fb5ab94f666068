"""What a build would do, and why: which sites it reads anew, which articles it makes again, which captures are new."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Literal
from urllib.parse import urlsplit

from crawler.archive import IMPORTED, archive_files, capture_at, read_runs
from crawler.sites import Sites
from pipeline.addresses import site_name
from pipeline.schema import RunRow
from pipeline.snapshots import Snapshot
from pipeline.unread import Unread
from pipeline.versions import ANNOTATING, EXTRACTING, READING, Versions, current_versions


class ArchiveIncomplete(RuntimeError):
    """Files of the archive that the tables were made from are gone, and a build would have to read them again."""


class StageRefused(ValueError):
    """A stage that cannot be brought up to date alone."""


Again = Literal["annotate", "extract", "movements", "figures"]
Stage = Literal["annotate", "extract", "movements", "figures", "reprints"]
_AGAIN: dict[Again, str] = {
    "annotate": "annotate {} articles again from their texts",
    "extract": "extract {} articles again from their stored sentences",
    "movements": "read the movements of {} articles again in their stored sentences",
    "figures": "read the figures of {} articles again in their stored sentences",
}
_FILES_NAMED = 4  # changed source files that a reason names


@dataclass(frozen=True)
class Plan:
    """What is to be done to bring the tables up to the archive, the code and the profiles.

    Attributes:
        committed: the snapshot to follow.
        anew: why, by site, for the sites whose captures are all read again.
        all_anew: why all sites are; empty where they are not.
        again: from which stage on the articles of the other sites are made again, and why; None where they are not.
        stale: which of EXTRACTING changed.
        compare: why reprints are looked for even where no text changes; empty where they are not.
        leave_new: whether captures that came in since are left for another build.
    """

    corpus: Path
    sites: Sites
    committed: Snapshot
    versions: Versions
    runs: list[RunRow]
    anew: Mapping[str, str] = field(default_factory=dict)
    all_anew: str = ""
    again: tuple[Again, str] | None = None
    stale: frozenset[str] = frozenset()
    compare: str = ""
    leave_new: bool = False

    @cached_property
    def base(self) -> Snapshot:
        """What is kept of the committed snapshot."""
        if self.all_anew:
            return self.committed.emptied()
        return replace(self.committed, without=frozenset(self.anew))

    @property
    def runs_digest(self) -> str:
        """A digest of the run log, to see that it has changed."""
        return hashlib.sha256(repr(self.runs).encode()).hexdigest()

    def unread(self) -> Unread:
        """Return the captures to read."""
        if self.all_anew:
            return Unread(self.corpus, {})
        read_to = self.committed.manifest.get("read_to", {})
        if self.leave_new and not self.anew:
            return Unread(self.corpus, read_to, leave_new=True)
        names: dict[str, str] = {}

        def wanted(url: str) -> bool:
            return _site_of(url, self.sites, names) in self.anew

        return Unread(self.corpus, read_to, self._files_of(self.anew), wanted)

    def _files_of(self, sites: Iterable[str]) -> list[str]:
        """Return the archive's files that may hold captures of some sites."""
        if not self.anew:
            return []
        held = {
            file
            for table in ("revisions", "dropped")
            for partition in self.committed.partitions(table)
            if partition.site in self.anew
            for file in self.committed.read(table, [partition], ["capture_file"])["capture_file"].to_pylist()
        }
        folders = {*sites, IMPORTED}
        return [
            file.as_posix()
            for file in archive_files(self.corpus)
            if file.as_posix() in held or file.parts[-2] in folders
        ]

    def refuse_missing(self) -> None:
        """Refuse to read again what is not in the archive any more: the rows made of it would be lost.

        Raises:
            ArchiveIncomplete: naming the files.
        """
        read: Mapping[str, Any] = self.committed.manifest.get("read_to", {})
        folders = {*self.anew, IMPORTED} if self.anew else set()
        again = [file for file in read if self.all_anew or PurePosixPath(file).parts[-2] in folders]
        missing = [file for file in again if not (self.corpus / file).is_file()]
        cut = [file for file in again if file not in missing and self._is_cut(file, read[file])]
        if missing or cut:
            how = "it is gone" if missing else "its end is gone"
            missing += cut
            raise ArchiveIncomplete(
                f"{self.corpus / missing[0]}: the tables were made from it and {how} ({len(missing)} such files), "
                f"and the build would read it again ({next(self.reasons())}): put it back. To build from what is "
                "left, remove the folders tables and snapshots"
            )

    def _is_cut(self, file: str, read_to: Mapping[str, int]) -> bool:
        """Whether a file of the archive ends before a capture that was read does."""
        return "offset" in read_to and capture_at(self.corpus, file, read_to["offset"]) is None

    def nothing_to_do(self) -> bool:
        """Whether archive, code, profiles and run log are those that the committed snapshot was made of."""
        return not any(self.reasons())

    def also(self, sites: Mapping[str, str]) -> Plan:
        """Return the plan with more sites to be read anew."""
        return replace(self, anew={**self.anew, **sites})

    def reasons(self) -> Iterator[str]:
        """Yield one line for each thing that the build would do, and why."""
        if self.all_anew:
            yield f"read the whole archive ({len(archive_files(self.corpus))} files): {self.all_anew}"
            return
        yield from (f"read {site or 'movement_registry'} anew: {why}" for site, why in sorted(self.anew.items()))
        for file in self.unread().grown:
            known = "more of " if file in self.committed.manifest.get("read_to", {}) else ""
            yield f"read {known}{file}: it is new" if not known else f"read {known}{file}: it has grown"
        if self.again:
            count = sum(
                file.rows
                for partition, files in self.committed.files["articles"].items()
                if partition.site not in self.anew
                for file in files
            )
            stage, why = self.again
            yield f"{_AGAIN[stage].format(f'{count:,}')}: {why}"
        if self.compare:
            yield f"look for reprints among all articles: {self.compare}"
        if self.committed.manifest.get("runs") != self.runs_digest:
            yield "write the run log: it has changed"

    def manifest(self, unread: Unread, newest: Mapping[str, str], failed: Mapping[str, str]) -> dict[str, Any]:
        """Return what the next build needs to know of this one."""
        return {
            "versions": dict(self.versions.stages),
            "profiles": dict(self.versions.profiles),
            "sources": {stage: dict(files) for stage, files in self.versions.sources.items()},
            "read_to": unread.read_to,
            "newest": dict(newest),
            "failed": dict(failed),
            "runs": self.runs_digest,
        }


def plan_build(corpus: Path, sites: Sites, versions: Versions | None = None, all_anew: str = "") -> Plan:
    """Compare the committed snapshot with archive, code and profiles. Nothing is written.

    Args:
        all_anew: why the committed snapshot is not to be looked at.

    Raises:
        TablesUnreadable: the committed snapshot is damaged, or of a newer schema.
    """
    committed = Snapshot.unread(corpus) if all_anew else Snapshot.committed(corpus)
    now = versions or current_versions(sites)
    plan = Plan(corpus, sites, committed, now, [RunRow(**run.row()) for run in read_runs(corpus)])
    if all_anew:
        return replace(plan, all_anew=all_anew)
    if committed.folder is None:
        return replace(plan, all_anew="nothing is built yet")
    if not committed.is_of_this_schema:
        return replace(plan, all_anew="the tables have other columns now")
    made_with: Mapping[str, str] = committed.manifest.get("versions", {})
    stale = [stage for stage in now.stages if made_with.get(stage) != now.stages[stage]]
    if reading := [stage for stage in stale if stage in READING]:
        return replace(plan, all_anew=_because(reading, committed, now))
    again: tuple[Again, str] | None = None
    if annotating := [stage for stage in stale if stage in ANNOTATING]:
        again = "annotate", _because(annotating, committed, now)
    elif extracting := [stage for stage in stale if stage in EXTRACTING]:
        again = _extracting(extracting), _because(extracting, committed, now)
    anew = _sites_anew(committed, now, sites)
    if again:  # what failed may be read now
        failed: Mapping[str, str] = committed.manifest.get("failed", {})
        anew |= dict.fromkeys(failed.values(), "articles of it could not be annotated or extracted")
    compare = _because(["reprints"], committed, now) if "reprints" in stale else ""
    stale_of_texts = frozenset(EXTRACTING).intersection(stale)
    return replace(plan, anew=anew, again=again, compare=compare, stale=stale_of_texts)


def _extracting(stale: list[str]) -> Again:
    """Return what is read again in stored sentences where these stages changed."""
    only = stale[0] if len(stale) == 1 else ""
    return "movements" if only == "movements" else "figures" if only == "figures" else "extract"


def plan_stage(corpus: Path, sites: Sites, stage: Stage, versions: Versions | None = None) -> Plan:
    """Plan to bring one stage, and what follows from it, up to date; new captures and other stages are left for later.

    Raises:
        StageRefused: nothing is built yet, or pages are read otherwise now: then the stage alone is of no use.
    """
    committed, now = Snapshot.committed(corpus), versions or current_versions(sites)
    before: Mapping[str, str] = committed.manifest.get("versions", {})
    if changed := [name for name in READING if before.get(name) != now.stages[name]]:
        why = f"{', '.join(changed)} changed" if before else "nothing is built yet"
        raise StageRefused(f"{corpus}: {stage} alone cannot be built: {why}; build without --only")
    own = {"annotate": (*ANNOTATING, *EXTRACTING), "extract": EXTRACTING}.get(stage, (stage,))
    # what comes out otherwise goes through all of them, and with rules that changed it would be of neither version
    others = [name for name in EXTRACTING if name != stage and before.get(name) != now.stages[name]]
    if stage in EXTRACTING and others:
        raise StageRefused(f"{corpus}: {stage} alone cannot be built: {', '.join(others)} changed; use --only extract")
    sources: Mapping[str, Mapping[str, str]] = committed.manifest.get("sources", {})
    mixed = Versions(
        {name: now.stages[name] if name in own else before[name] for name in now.stages},
        committed.manifest["profiles"],
        {name: now.sources[name] if name in own else sources.get(name, {}) for name in now.sources},
    )
    return replace(plan_build(corpus, sites, mixed), leave_new=True)


def _because(stages: list[str], committed: Snapshot, now: Versions) -> str:
    """Say which stages changed, and which source files or versions behind it."""
    before: Mapping[str, Mapping[str, str]] = committed.manifest.get("sources", {})
    changed: set[str] = set()
    for stage in stages:
        old, new = before.get(stage, {}), now.sources.get(stage, {})
        changed |= {file for file in {*old, *new} if old.get(file) != new.get(file)}
    named = ", ".join(sorted(changed)[:_FILES_NAMED])
    named += f" and {len(changed) - _FILES_NAMED} more" if len(changed) > _FILES_NAMED else ""
    libraries = [now.stages[stage] for stage in stages if stage in ("readers", "models")]
    behind = "; ".join(filter(None, [named, *libraries]))
    return f"{' and '.join(stages)} changed" + (f" ({behind})" if behind else "")


def _sites_anew(committed: Snapshot, now: Versions, sites: Sites) -> dict[str, str]:
    """Return the sites whose profile changed, or whose captures are of another site by the profiles now, and why."""
    before: Mapping[str, str] = committed.manifest.get("profiles", {})
    changed = {name for name in {*before, *now.profiles} if before.get(name) != now.profiles.get(name)}
    if not changed:
        return {}
    anew = dict.fromkeys(sorted(changed), "its profile changed")
    names: dict[str, str] = {}
    moved: set[tuple[str, str]] = set()
    for table in ("revisions", "dropped"):
        for partition in committed.partitions(table):
            urls = committed.read(table, [partition], ["url"])["url"].to_pylist()
            moved |= {(partition.site, _site_of(url, sites, names)) for url in urls}
    while True:
        # a site anew takes with it all sites that its captures were of, or are of now
        linked = {name for pair in moved if not anew.keys().isdisjoint(pair) for name in pair} - anew.keys()
        if not linked:
            break
        anew |= dict.fromkeys(sorted(linked), "captures of it go to or come from a site whose profile changed")
    of_tables = {site for pair in moved for site in pair}
    return {site: why for site, why in anew.items() if site in of_tables}


def _site_of(url: str, sites: Sites, names: dict[str, str]) -> str:
    """Return the site of a URL; `names` remembers the answer by host."""
    try:
        host = "//".join(urlsplit(url)[:2])
    except ValueError:
        return site_name(url, sites)
    if host not in names:
        names[host] = site_name(url, sites)
    return names[host]
