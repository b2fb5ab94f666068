"""Deduplicate: find the reprints among all articles of a snapshot in the making, and write what changed.

Signatures are kept beside the tables, in `cache/signatures.npz`, so that a refresh makes only those of new texts. The
file may be deleted: it is made again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.commits import Staging, Tell, refused_by_disk
from pipeline.reprints import Reprint, Signature, Signatures, find_reprints, first_of_group, names_of, signatures
from pipeline.tables import Partition, arrow_schema
from pipeline.workers import Failure, Progress

CACHE = "cache/signatures.npz"
_ANSWERS = ("reprint_of", "reprint_similarity", "reprint_share", "reprint_group")
_READ = ("article_id", "site", "published_at", "first_seen_at", "digest", *_ANSWERS)

Names = npt.NDArray[np.uint64]
Named = tuple[int, str]  # a text and the name that it goes by among signatures
SignedByWorkers = Callable[[Iterator[Named]], Iterator[tuple[int, Signature] | Failure[Named]]]


def sign(texts: Sequence[Named]) -> list[tuple[int, Signature]]:
    """Return the signatures of named texts: the work that is handed out to processes."""
    return list(zip((name for name, _ in texts), signatures([text for _, text in texts]), strict=True))


def deduplicate(
    staging: Staging, version: str, signed: SignedByWorkers, *, anew: bool = False, tell: Tell = lambda _line: None
) -> None:
    """Bring the columns on reprints up to date in all partitions of `articles`.

    Args:
        version: of this stage; signatures of another one are made again.
        signed: has `sign` done, as the build has work done.
        anew: compare all articles, not only where one came, changed or went.

    Raises:
        TablesUnwritable: the disk is full or not writable.
    """
    corpus = staging.previous.corpus
    were = {name: staging.previous.read("articles", [name], _READ) for name in staging.previous.files["articles"]}
    read = {
        name: staging.read("articles", name, _READ) if staging.is_touched("articles", name) else were[name]
        for name in staging.partitions("articles")
    }
    now, before = _timed([*read.values()]), _timed([*were.values()])
    known, names = Signatures.load(corpus / CACHE, version), names_of(before["digest"])
    all_known = not (known.positions(names) < 0).any()
    known = _complete(known, staging, read, names, signed, tell)
    with refused_by_disk(corpus):
        known.save(corpus / CACHE, version)

    def texts(ids: Collection[str]) -> dict[str, str]:
        return _texts(staging, read, ids)

    comparable = before if all_known and not anew else None
    answers = find_reprints(now, texts, known, before=comparable, spill=str(corpus / "cache"))
    _write(staging, read, answers)


def _timed(pieces: Sequence[pa.Table]) -> pa.Table:
    """Return articles as they are compared, with the time they are ordered by."""
    schema = pa.schema([arrow_schema("articles").field(name) for name in _READ])
    data = pa.concat_tables([schema.empty_table(), *pieces])
    return data.append_column("time", pc.coalesce(data["published_at"], data["first_seen_at"]))


def _complete(
    known: Signatures,
    staging: Staging,
    read: Mapping[Partition, pa.Table],
    before: Names,
    signed: SignedByWorkers,
    tell: Tell,
) -> Signatures:
    """Return the signatures of all texts of now, and of the snapshot before, as far as they are known."""
    named = {partition: names_of(data["digest"]) for partition, data in read.items()}
    wanted = np.unique(np.concatenate([before[:0], *named.values()]))
    lacking = {*wanted[known.positions(wanted) < 0].tolist()}
    made = []
    progress = Progress("texts made ready to be compared", tell, len(lacking))
    for answer in progress.watch(signed(_lacking(staging, named, set(lacking)))):
        if isinstance(answer, Failure):
            tell(f"warning: a text of {len(answer.record[1])} characters could not be compared: {answer.detail}")
            made.append((answer.record[0], signatures([""])[0]))
        else:
            made.append(answer)
    used = known.positions(np.union1d(wanted, before))
    return known.take(used[used >= 0]).joined(Signatures.of(made))


def _lacking(staging: Staging, named: Mapping[Partition, Names], lacking: set[int]) -> Iterator[Named]:
    for partition, names in named.items() if lacking else ():
        own = names.tolist()
        if lacking.isdisjoint(own):
            continue
        for name, text in zip(own, staging.read("articles", partition, ["text"])["text"].to_pylist(), strict=True):
            if name in lacking:
                lacking.discard(name)
                yield name, text


def _texts(staging: Staging, read: dict[Partition, pa.Table], ids: Collection[str]) -> dict[str, str]:
    wanted = pa.array(sorted(ids), pa.string())
    found: dict[str, str] = {}
    for partition, data in read.items():
        if pc.any(pc.is_in(data["article_id"], wanted)).as_py():
            rows = staging.read("articles", partition, ["article_id", "text"])
            rows = rows.filter(pc.is_in(rows["article_id"], wanted))
            found.update(zip(rows["article_id"].to_pylist(), rows["text"].to_pylist(), strict=True))
    return found


def _write(staging: Staging, read: dict[Partition, pa.Table], answers: dict[str, Reprint | None]) -> None:
    """Write the partitions in which an answer is another one than before."""
    ids = [name for data in read.values() for name in data["article_id"].to_pylist()]
    old = [row for data in read.values() for row in data.select(_ANSWERS).to_pylist()]
    new = [_answer(answers[name]) if name in answers else row for name, row in zip(ids, old, strict=True)]
    reprint_of: list[str | None] = [row["reprint_of"] for row in new]
    groups = first_of_group(ids, reprint_of)
    new = [{**row, "reprint_group": group} for row, group in zip(new, groups, strict=True)]
    start = 0
    for partition, data in read.items():
        own = slice(start, start + data.num_rows)
        start += data.num_rows
        if old[own] == new[own]:
            continue
        rows = staging.read("articles", partition)
        for name in _ANSWERS:
            at = rows.schema.get_field_index(name)
            column = rows.schema.field(at)
            rows = rows.set_column(at, column, pa.array([row[name] for row in new[own]], column.type))
        staging.put("articles", partition, rows)


def _answer(found: Reprint | None) -> dict[str, Any]:
    if found is None:
        return dict.fromkeys(_ANSWERS)
    return {"reprint_of": found.reprint_of, "reprint_similarity": found.similarity, "reprint_share": found.share}
