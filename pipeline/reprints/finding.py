"""Find reprints among all articles, or only where articles that came, changed or went may have made a difference."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.reprints.candidates import Affected, Candidates, affected, candidates
from pipeline.reprints.comparison import Text, compare, may_repeat
from pipeline.reprints.keys import Keyed, Keys, Numbers
from pipeline.reprints.signatures import DIGITS, Signatures

COLUMNS = ("article_id", "site", "time", "digest", "reprint_of")
_NAMED_AT_ONCE = 10_000
_ESTIMATED_AT_ONCE = 50_000  # pairs
_COMPARED_AT_ONCE = 2_000  # later articles whose texts, and those of what they are compared with, are in memory

Texts = Callable[[Collection[str]], Mapping[str, str]]  # of articles by article_id


@dataclass(frozen=True, slots=True)
class Reprint:
    """An article that repeats an earlier one: how alike they are by their 5-syllable shingles, 0 to 1.

    `similarity` is the Jaccard of the two texts, `share` how much of the shorter one's shingles the other has.
    """

    reprint_of: str
    similarity: float
    share: float


def find_reprints(
    now: pa.Table, texts: Texts, signatures: Signatures, *, before: pa.Table | None = None, spill: str | None = None
) -> dict[str, Reprint | None]:
    """Return, by article_id, which articles are reprints and which are none.

    `reprint_of` is the earliest article that this very one repeats, so that every row can be checked by itself.

    Args:
        now: all articles, with COLUMNS; `time` is when an article was published or first seen, `reprint_of` the answer
            that its row has so far.
        texts: gives the texts of some articles.
        signatures: those of all texts, by digest.
        before: all articles as they were when the last answers were found: then only the articles whose answer may
            differ are in the result. None: all are.
        spill: a folder for pairs that do not fit in memory.
    """
    order = now.select(COLUMNS).sort_by([("time", "ascending"), ("article_id", "ascending")])
    ids = order["article_id"]
    sites = pc.unique(pa.chunked_array([*order["site"].chunks, *(before["site"].chunks if before else ())]))
    numbers = np.arange(order.num_rows, dtype=np.int32)
    at = signatures.positions(names_of(order["digest"]))
    keys = Keys(signatures.without_bitmaps().take(at), numbers, _numbered(order["site"], sites))
    if before is None:
        found, anew = candidates(keys.parts(), numbers, order.num_rows, spill=spill), numbers
    else:
        left = before.select(COLUMNS).filter(pa.array(_differ(before, order)))
        were = signatures.take(signatures.positions(names_of(left["digest"])))
        gone = Keys(were, _places(left, order), _numbered(left["site"], sites)).laid_out()
        new = np.flatnonzero(_differ(order, before)).astype(np.int32)
        found, anew = _since(keys, gone, new, order, spill)
    found = _may_repeat(found, signatures, at)
    answers: dict[str, Reprint | None] = dict.fromkeys(ids.take(pa.array(anew)).to_pylist())
    answers.update(_verified(found, ids, texts))
    return answers


def _since(keys: Keys, gone: Keyed, new: Numbers, order: pa.Table, spill: str | None) -> tuple[Candidates, Numbers]:
    """Return the pairs that articles which are new or gone make worth comparing, and which articles look for anew."""
    maybe = affected(keys.having(np.append(keys.of(new), gone.keys)), gone, new)
    others = keys.having(np.setdiff1d(keys.of(maybe.articles), maybe.furniture))
    anew = _without_answer(maybe, new, order)
    found = candidates(others.parts(), maybe.articles, order.num_rows, maybe.furniture, spill)
    return _open(found, anew, new, order), anew


def _without_answer(maybe: Affected, new: Numbers, order: pa.Table) -> Numbers:
    """Return which of the affected articles have no answer to go by: what they repeated is another text now, or gone.

    So have those that are to be compared anew; the others have one, which may be that they repeat nothing.
    """
    own = order["reprint_of"].take(pa.array(maybe.articles))
    last = pc.index_in(own, order["article_id"].combine_chunks())
    lost = pc.and_(pc.is_valid(own), pc.is_null(last)).to_numpy() | np.isin(pc.fill_null(last, -1).to_numpy(), new)
    without: Numbers = maybe.articles[lost | np.isin(maybe.articles, maybe.anew)]
    return without


def _open(found: Candidates, anew: Numbers, new: Numbers, order: pa.Table) -> Candidates:
    """Return the pairs of which it is not known whether the later article repeats the earlier one, or not asked.

    Articles that are not looked at anew repeat what they did, if not a new one that is earlier than that.
    """
    last = pc.index_in(order["reprint_of"], order["article_id"].combine_chunks())
    until = pc.fill_null(last, order.num_rows).to_numpy()
    pairs = np.isin(found.later, anew) | (np.isin(found.earlier, new) & (found.earlier < until[found.later]))
    return Candidates(found.later[pairs], found.earlier[pairs], found.furniture)


def _may_repeat(found: Candidates, signatures: Signatures, at: npt.NDArray[np.int64]) -> Candidates:
    """Return the pairs whose texts are to be read: the others share too little, as their signatures tell.

    Args:
        at: where that of each article is.
    """
    sizes = signatures.sizes.astype(np.int64)
    may = [np.empty(0, bool)]
    for first in range(0, found.later.size, _ESTIMATED_AT_ONCE):
        some = slice(first, first + _ESTIMATED_AT_ONCE)
        later, earlier = at[found.later[some]], at[found.earlier[some]]
        may.append(may_repeat(signatures.shared_at_most(later, earlier), sizes[later], sizes[earlier]))
    pairs = np.concatenate(may)
    return Candidates(found.later[pairs], found.earlier[pairs], found.furniture)


def names_of(digests: pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    """Return the names that texts of these digests go by among signatures."""
    batches = pa.table({"name": pc.utf8_slice_codeunits(digests, 0, DIGITS)}).to_batches(_NAMED_AT_ONCE)
    names = b"".join(bytes.fromhex("".join(batch["name"].to_pylist())) for batch in batches)
    return np.frombuffer(names, ">u8").astype(np.uint64)


def _numbered(names: pa.ChunkedArray, all_names: pa.Array) -> Numbers:
    return np.asarray(pc.index_in(names, all_names).to_numpy(), np.int32)


def _differ(some: pa.Table, others: pa.Table) -> npt.NDArray[np.bool_]:
    """Return which rows are not among others as they are."""
    at = pc.index_in(some["article_id"], others["article_id"].combine_chunks())
    same = pc.is_valid(at)
    for name in COLUMNS:
        here, there = some[name], others[name].take(at)
        both_null = pc.and_(pc.is_null(here), pc.is_null(there))
        same = pc.and_(same, pc.or_(pc.fill_null(pc.equal(here, there), False), both_null))
    differ: npt.NDArray[np.bool_] = ~same.to_numpy()
    return differ


def _places(some: pa.Table, order: pa.Table) -> Numbers:
    """Return for each row the number of the first article of the order that is later than it."""
    both = pa.concat_tables(
        [
            order.append_column("row", pa.repeat(-1, order.num_rows)),
            some.append_column("row", pa.array(range(some.num_rows), pa.int64())),
        ]
    ).sort_by([("time", "ascending"), ("article_id", "ascending"), ("row", "ascending")])
    rows = both["row"].to_numpy()
    later = np.cumsum(rows < 0)
    places = np.empty(some.num_rows, np.int32)
    places[rows[rows >= 0]] = later[rows >= 0]
    return places


def _verified(found: Candidates, ids: pa.ChunkedArray, texts: Texts) -> Iterator[tuple[str, Reprint]]:
    """Yield each later article that repeats one it was paired with, with the earliest such."""
    laters, starts = np.unique(found.later, return_index=True)
    ends = np.append(starts[1:], found.later.size)
    for at in range(0, laters.size, _COMPARED_AT_ONCE):
        some = slice(at, at + _COMPARED_AT_ONCE)
        partners = found.earlier[starts[some][0] : ends[some][-1]]
        numbers = np.union1d(laters[some], partners)
        names = dict(zip(numbers.tolist(), ids.take(pa.array(numbers)).to_pylist(), strict=True))
        printed = texts(names.values())
        read = {number: Text.of(printed[name], found.furniture) for number, name in names.items()}
        del printed
        for later, start, end in zip(*(side[some].tolist() for side in (laters, starts, ends)), strict=True):
            reprint = _first_repeated(later, found.earlier[start:end].tolist(), read, names)
            if reprint is not None:
                yield names[later], reprint


def _first_repeated(
    later: int, earlier: Sequence[int], read: Mapping[int, Text], names: Mapping[int, str]
) -> Reprint | None:
    for other in earlier:
        likeness = compare(read[later], read[other])
        if likeness is not None:
            return Reprint(names[other], round(likeness.similarity, 4), round(likeness.share, 4))
    return None


def first_of_group(ids: pa.ChunkedArray, reprint_of: pa.ChunkedArray) -> pa.Array:
    """Return for each reprint the article that all reprints lead back to, step by step; null for what is none.

    All articles with one text, or with ever more edited ones, have the same: the earliest of them.
    """
    names = ids.combine_chunks()
    parents = np.arange(len(names))
    to = pc.index_in(reprint_of, names)
    known = pc.is_valid(to).to_numpy()
    parents[known] = to.drop_null().to_numpy()
    while True:
        grand = parents[parents]
        if np.array_equal(grand, parents):
            break
        parents = grand
    return names.take(pa.array(parents, mask=pc.is_null(reprint_of).to_numpy()))
