"""Deduplicate: find the reprints among all articles of a snapshot in the making, and write what changed.

Signatures are kept beside the tables, in `cache/signatures.npz`, so that a refresh makes only those of new texts. The
file may be deleted: it is made again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.article_list import REPRINTS, ArticleList
from pipeline.commits import Staging
from pipeline.disk import refused_by_disk
from pipeline.reprints import (
    Gathered,
    Reprint,
    Signature,
    Signatures,
    find_reprints,
    first_of_group,
    names_of,
    signatures,
)
from pipeline.tables import Partition
from pipeline.tables_link import Tell
from pipeline.workers import Failure, Progress

CACHE = "cache/signatures.npz"

Names = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
Named = tuple[int, str]  # a text and the name that it goes by among signatures
SignedByWorkers = Callable[[Iterator[Named]], Iterator[tuple[int, Signature] | Failure[Named]]]


def sign(texts: Sequence[Named]) -> list[tuple[int, Signature]]:
    """Return the signatures of named texts: the work that is handed out to processes."""
    return list(zip((name for name, _ in texts), signatures([text for _, text in texts]), strict=True))


def deduplicate(
    staging: Staging,
    were: ArticleList,
    now: ArticleList,
    version: str,
    by_workers: SignedByWorkers,
    signed: Gathered,
    *,
    anew: bool = False,
    tell: Tell = lambda _line: None,
) -> ArticleList:
    """Bring the columns on reprints up to date in all partitions of `articles`, and return the articles with them.

    Args:
        were: the articles of the snapshot before.
        now: those of the snapshot in the making.
        version: of this stage; signatures of another one are made again.
        by_workers: has `sign` done, as the build has work done.
        signed: what has been signed already; it is taken from there.
        anew: compare all articles, not only where one came, changed or went.

    Raises:
        TablesUnwritable: the disk is full or not writable.
    """
    corpus = staging.previous.corpus
    known, before = Signatures.load(corpus / CACHE, version), names_of(were.rows["digest"])
    all_known = not (known.positions(before) < 0).any()
    known = _complete(known, signed, staging, now, before, by_workers, tell)

    def texts(ids: Collection[str]) -> dict[str, str]:
        return _texts(staging, now, ids)

    comparable = _timed(were) if all_known and not anew else None
    with refused_by_disk(corpus):
        known.save(corpus / CACHE, version)
        answers = find_reprints(_timed(now), texts, known, before=comparable, spill=str(corpus / "cache"))
    told = _told(now, answers)
    for partition in told.with_other_reprints(now):
        _write(staging, partition, told.of_partition(partition))
    return told


def _timed(articles: ArticleList) -> pa.Table:
    """Return articles as they are compared, with the time they are ordered by."""
    rows = articles.rows
    return rows.append_column("time", pc.coalesce(rows["published_at"], rows["first_seen_at"]))


def _complete(
    known: Signatures,
    signed: Gathered,
    staging: Staging,
    now: ArticleList,
    before: Names,
    by_workers: SignedByWorkers,
    tell: Tell,
) -> Signatures:
    """Return the signatures of all texts of now, and of the snapshot before, as far as they are known."""
    names = names_of(now.rows["digest"])
    wanted, first = np.unique(names, return_index=True)
    several = [known, *signed.given_up()]
    lacking = np.sort(first[np.all([some.positions(wanted) < 0 for some in several], axis=0)])
    progress = Progress("texts made ready to be compared", tell, lacking.size)
    for answer in progress.watch(by_workers(_named(staging, now, names, lacking))):
        if isinstance(answer, Failure):
            tell(f"warning: a text of {len(answer.record[1])} characters could not be compared: {answer.detail}")
            signed.add(answer.record[0], signatures([""])[0])
        else:
            signed.add(*answer)
    return Signatures.together([*several, *signed.given_up()], only=np.union1d(wanted, before))


def _named(staging: Staging, now: ArticleList, names: Names, rows: Rows) -> Iterator[Named]:
    """Yield the texts of some articles, given by their rows, with the names that they go by."""
    ids = now.rows["article_id"]
    for partition, own in now.by_partition(rows):
        here = ids.take(pa.array(own)).to_pylist()
        texts = _texts_of(staging, partition, here)
        yield from zip(names[own].tolist(), map(texts.__getitem__, here), strict=True)


def _texts(staging: Staging, now: ArticleList, ids: Collection[str]) -> dict[str, str]:
    known = now.rows["article_id"]
    rows = np.flatnonzero(pc.is_in(known, pa.array(sorted(ids), pa.string())).to_numpy())
    found: dict[str, str] = {}
    for partition, own in now.by_partition(rows):
        found.update(_texts_of(staging, partition, known.take(pa.array(own)).to_pylist()))
    return found


def _texts_of(staging: Staging, partition: Partition, ids: Collection[str]) -> dict[str, str]:
    rows = staging.read("articles", partition, ["article_id", "text"], ids=ids)
    return dict(zip(rows["article_id"].to_pylist(), rows["text"].to_pylist(), strict=True))


def _told(now: ArticleList, answers: Mapping[str, Reprint | None]) -> ArticleList:
    """Return the articles with the answers in the place of those that they had."""
    ids, rows = now.rows["article_id"], now.rows
    at = pc.index_in(pa.array(answers, pa.string()), ids.combine_chunks()).to_numpy()
    order = np.argsort(at)
    given = [*answers.values()]
    found = [given[number] for number in order.tolist()]
    mask = np.zeros(rows.num_rows, bool)
    mask[at] = True
    columns = {
        "reprint_of": [one and one.reprint_of for one in found],
        "reprint_similarity": [one and one.similarity for one in found],
        "reprint_share": [one and one.share for one in found],
    }
    for name, values in columns.items():
        kind = rows.schema.field(name)
        new = pc.replace_with_mask(rows[name].combine_chunks(), pa.array(mask), pa.array(values, kind.type))
        rows = rows.set_column(rows.schema.get_field_index(name), kind, new)
    groups = first_of_group(ids, rows["reprint_of"])
    field = rows.schema.field("reprint_group")
    return ArticleList(rows.set_column(rows.schema.get_field_index(field.name), field, groups), now.counts)


def _write(staging: Staging, partition: Partition, told: pa.Table) -> None:
    """Write a partition with the answers that its articles have now."""
    rows = staging.read("articles", partition)
    for name in REPRINTS:
        at = rows.schema.get_field_index(name)
        rows = rows.set_column(at, rows.schema.field(at), told[name])
    staging.put("articles", partition, rows)
