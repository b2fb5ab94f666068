"""The revisions of an article: its distinct contents, in the order they were captured, however they came in."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from vinhkhe import DAY_1, SITE, url_of

from pipeline.captures import Edition, article_id
from pipeline.revisions import chain, difference, gone_at
from pipeline.schema import Article


def edition(hour: int, text: str) -> Edition:
    article = Article(url_of(7), SITE, "7", "2026", "Tựa", None, text, (), None, None, (), (), None, None, None, ())
    at = DAY_1 + dt.timedelta(hours=hour)
    return Edition(
        article_id(SITE, "7"), SITE, "7", url_of(7), at, f"digest of {text}", article, "a.warc.gz", hour, f"<{hour}>"
    )


def test_equal_neighbours_are_one_revision_and_a_content_that_comes_back_is_another() -> None:
    done = chain([], [edition(1, "A"), edition(2, "A"), edition(3, "B"), edition(4, "A")])
    assert [(row.revision, row.text, row.capture_offset) for row in done.revisions] == [
        (1, "A", 1),
        (2, "B", 3),
        (3, "A", 4),
    ]
    assert [(row.capture_offset, row.stage, row.reason) for row in done.unchanged] == [(2, "clean", "unchanged")]
    assert done.unchanged[0].detail == f"same content as revision 1 of {article_id(SITE, '7')}"


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_the_order_of_arrival_does_not_matter(order: tuple[int, ...]) -> None:
    editions = [edition(1, "A"), edition(2, "B"), edition(3, "B"), edition(4, "C")]
    assert chain([], [editions[at] for at in order]) == chain([], editions)


def test_known_revisions_are_gone_on_from() -> None:
    known = chain([], [edition(1, "A"), edition(2, "B")]).revisions
    at_once = chain([], [edition(1, "A"), edition(2, "B"), edition(3, "B"), edition(4, "C")])
    assert chain(known, [edition(3, "B"), edition(4, "C")]) == at_once


def test_a_revision_says_which_lines_went_and_came() -> None:
    (_, second) = chain([], [edition(1, "Tựa\nmột\nhai"), edition(2, "Tựa\nmột\nba\nbốn")]).revisions
    assert second.changed == "- hai\n+ ba\n+ bốn"
    assert difference("như nhau", "như nhau") == ""


def test_gone_is_the_first_refusal_after_the_article_was_last_seen() -> None:
    noon = DAY_1 + dt.timedelta(hours=9)
    before, after, later = (noon + dt.timedelta(hours=hours) for hours in (-1, 1, 2))
    assert gone_at(noon, [before]) is None  # it came back
    assert gone_at(noon, [later, before, after]) == after
    assert gone_at(noon, []) is None
