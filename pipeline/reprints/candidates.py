"""Which pairs of articles are worth comparing: those that share keys of their signatures.

Articles are numbered by time, so that of a pair the one with the smaller number is the earlier.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.reprints.keys import ANCHOR, KeyCodes, Keyed, Numbers, together
from pipeline.reprints.pairs import Met, Pairs
from pipeline.reprints.shingles import Hashes

# An article is compared with the earliest so many that share a key with it: furniture that all articles of a site
# carry would make a group of all of them, and copies share many keys. Where a phrase of the press is a key, the
# earliest are strangers and what was copied is rather among the last before: of copies cut short, six in seven that
# were missed among 6,000 articles full of such phrases.
COMPARED = 8
COMPARED_LAST = 4
FURNITURE_OF_A_SITE = 10  # articles of one site; an anchor that so many have is of a line that the site prints anywhere
LEAST_ANCHORS = 0.15  # of the later article's anchors; one that repeats half of an earlier text shares half of them
_BAND_WEIGHS = 1 << 24  # anchors: more than any text has, for who shares a band is compared
_NO_KEYS: KeyCodes = np.empty(0, np.uint64)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs to be compared, by later and then by earlier article; and the anchors that are furniture, ascending."""

    later: Numbers
    earlier: Numbers
    furniture: Hashes


@dataclass(frozen=True, slots=True)
class Affected:
    """The articles whose answer may be another one than before.

    Attributes:
        articles: all of them, ascending.
        anew: those that are compared with all that they share keys with; for the others only new articles may have
            made a difference.
        furniture: anchors that are, of those that were looked at: they need not be looked for again.
    """

    articles: Numbers
    anew: Numbers
    furniture: KeyCodes


def candidates(
    keyed: Iterable[Keyed],
    asked: Numbers,
    articles: int,
    furniture: KeyCodes = _NO_KEYS,
    spill: str | None = None,
) -> Candidates:
    """Return the pairs whose later article is one of those asked for.

    Args:
        keyed: the keys of all articles, or those that articles asked for have; all rows of a key are in one part.
        articles: how many there are.
        furniture: anchors that are known to be, and are not among those keys.
        spill: a folder for pairs that do not fit in memory.

    Raises:
        OSError: nothing can be written there.
    """
    are_asked = np.zeros(articles, bool)
    are_asked[asked] = True
    met, own, lines = Met(articles, spill), np.zeros(articles, np.int64), [furniture]
    for some in keyed:
        lines.append(_furniture(some))
        rows = some.take(~some.having(lines[-1])).by_key()
        own += np.bincount(rows.articles[rows.keys >= ANCHOR], minlength=articles)
        met.add(_meeting(rows, are_asked))
    found = met.weighing(LEAST_ANCHORS * own)
    return Candidates(found.later, found.earlier, np.sort(np.concatenate(lines)).astype(np.uint32))


def _furniture(keyed: Keyed) -> KeyCodes:
    """Return the anchors that FURNITURE_OF_A_SITE articles of one site have, ascending."""
    anchors = keyed.take(keyed.keys >= ANCHOR)
    sites = np.uint64(1 + anchors.sites.max(initial=0))
    counted = pc.value_counts(pa.array(anchors.keys * sites + anchors.sites.astype(np.uint64)))
    often = counted.field("values").filter(pc.greater_equal(counted.field("counts"), FURNITURE_OF_A_SITE))
    return np.unique(often.to_numpy() // sites)


def _meeting(rows: Keyed, are_asked: npt.NDArray[np.bool_]) -> Pairs:
    """Return the pairs that share keys, whose later article is asked for; of rows by key.

    Of those that have a key each is paired with the first, and by an anchor also with the last before it.
    """
    numbers = np.arange(rows.keys.size)
    begins = np.append(True, rows.keys[1:] != rows.keys[:-1])[: numbers.size]
    ranks = numbers - np.maximum.accumulate(np.where(begins, numbers, 0))
    asked = np.flatnonzero(are_asked[rows.articles] & (ranks > 0))
    by_anchor = asked[rows.keys[asked] >= ANCHOR]
    pairs = []
    for rank in range(COMPARED):
        own = asked[ranks[asked] > rank]
        pairs.append((own, own - ranks[own] + rank))
    for back in range(1, COMPARED_LAST + 1):
        own = by_anchor[ranks[by_anchor] >= COMPARED + back]
        pairs.append((own, own - back))
    later, earlier = (np.concatenate(side) for side in zip(*pairs, strict=True))
    weights = np.where(rows.keys[later] >= ANCHOR, np.int32(1), np.int32(_BAND_WEIGHS))
    return Pairs.of(rows.articles[later], rows.articles[earlier], weights)


def affected(now: Keyed, gone: Keyed, new: Numbers) -> Affected:
    """Return the articles whose answer may be another one than before.

    They are the new ones, what came after a new one or one that is gone and shares a key with it, and what has a line
    that has become furniture, or is it no more. Two that are neither new nor gone are compared as before, but where
    they have such a line, or a key with more articles than are compared, in whose row others now stand.

    Args:
        now: the rows of the keys of new articles and of those that are gone.
        gone: the keys of articles as they were and are no more, each numbered as the first article of now that is
            later than it.
        new: the articles that were not there, or not so.
    """
    are_new = np.isin(now.articles, new)
    furniture, was = _furniture(now), _furniture(together([now.take(~are_new), gone]))
    turned = now.articles[now.having(np.setxor1d(furniture, was))]
    plain = ~now.having(furniture)
    after, shifted = _changed(now.take(plain & are_new), gone.take(~gone.having(furniture)), now.take(plain & ~are_new))
    articles = np.union1d(new, np.append(turned, after))
    anew = np.union1d(new, np.append(turned, shifted))
    return Affected(articles, np.intersect1d(articles, anew), furniture)


def _changed(fresh: Keyed, left: Keyed, kept: Keyed) -> tuple[Numbers, Numbers]:
    """Return the articles that are later than one that is new or gone with which they share a key.

    And those with a key that more have than are compared, in whose row others stand than did.

    Args:
        fresh: the rows of new articles.
        left: those of articles that are gone, numbered as the first that is later.
        kept: all others of the same keys.
    """
    keys = np.unique(np.concatenate([fresh.keys, left.keys]))
    of_fresh, of_left, of_kept = (np.searchsorted(keys, some.keys) for some in (fresh, left, kept))
    changed, places = np.concatenate([of_fresh, of_left]), np.concatenate([fresh.articles + 1, left.articles])
    since = np.full(keys.size, np.iinfo(np.int32).max)
    np.minimum.at(since, changed, places)
    came, went, stayed = (np.bincount(of, minlength=keys.size) for of in (of_fresh, of_left, of_kept))
    # an article in the very place of one that is gone makes a row neither longer nor shorter
    spots, spot = np.unique((changed << 32) + places, return_inverse=True)
    more = np.bincount(spot, weights=np.repeat([1, -1], [of_fresh.size, of_left.size]), minlength=spots.size)
    crowded = np.zeros(keys.size, bool)
    crowded[spots[more != 0] >> 32] = True
    crowded &= stayed + np.maximum(came, went) > COMPARED
    articles, of = np.append(fresh.articles, kept.articles), np.append(of_fresh, of_kept)
    return articles[articles >= since[of]], articles[crowded[of]]
