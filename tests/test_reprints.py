"""Planted near copies are found and different articles are not."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from vinhkhe import DAY_1, FACTS

from pipeline.demo.newspaper import PAPERS, read_paper
from pipeline.reprints import LEAST_SIMILARITY, Reprint, find_reprints

WORDS = " ".join(FACTS).split()


def text(seed: int, length: int = 400) -> str:
    """Return words in an order of their own."""
    return " ".join(random.Random(seed).choices(WORDS, k=length))  # noqa: S311 - a text, not a secret


def edited(original: str, share: float, seed: int = 1000) -> str:
    """Return the text with a share of its words replaced in one stretch, as an editor's cut does."""
    words = original.split()
    cut = int(len(words) * share)
    return " ".join([*words[: len(words) - cut], *text(seed, cut).split()])


def at(hour: int) -> dt.datetime:
    return DAY_1 + dt.timedelta(hours=hour)


def test_a_copy_is_a_reprint_of_the_earlier_article() -> None:
    found = find_reprints([("copy", at(2), text(1)), ("original", at(1), text(1)), ("other", at(0), text(2))])
    assert found == {"copy": Reprint("original", 1.0)}


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_planted_near_copies_are_found(share: float) -> None:
    originals = [(f"original {seed}", at(0), text(seed)) for seed in range(40)]
    copies = [(f"copy {seed}", at(1), edited(text(seed), share, 1000 + seed)) for seed in range(40)]
    found = find_reprints([*originals, *copies])
    assert {copy: reprint.reprint_of for copy, reprint in found.items()} == {
        f"copy {seed}": f"original {seed}" for seed in range(40)
    }
    # n of 100 words cut off leave (100 - n) / (100 + n) of the shingles in common
    expected = (1 - share) / (1 + share)
    assert all(abs(reprint.similarity - expected) < 0.03 for reprint in found.values())


def test_half_a_text_in_common_is_no_reprint() -> None:
    assert find_reprints([("a", at(0), text(1)), ("b", at(1), edited(text(1), 0.5))]) == {}
    assert LEAST_SIMILARITY == 0.6


def test_of_the_demo_papers_only_the_planted_near_copy_is_found() -> None:
    articles = [article for paper in PAPERS for article in read_paper(paper)]
    found = find_reprints([(str(article.id), article.published, article.text()) for article in articles])
    assert len(articles) > 40
    assert {copy: reprint.reprint_of for copy, reprint in found.items()} == {"210105": "1510105"}


def test_punctuation_and_case_make_no_difference() -> None:
    shouted = text(3).upper().replace(" ", ", ")
    assert find_reprints([("a", at(0), text(3)), ("b", at(1), shouted)]) == {"b": Reprint("a", 1.0)}


def test_short_texts_are_left_alone() -> None:
    assert find_reprints([("a", at(0), "Chúc mừng năm mới"), ("b", at(1), "Chúc mừng năm mới"), ("c", at(2), "")]) == {}


def test_each_similarity_is_that_of_the_pair_it_names() -> None:
    first = text(4)
    second, third = edited(first, 0.2, 1), edited(edited(first, 0.2, 1), 0.4, 2)
    found = find_reprints([("first", at(0), first), ("second", at(1), second), ("third", at(2), third)])
    assert found["second"].reprint_of == "first"
    for copy, reprint in found.items():
        pair = {"first": first, "second": second, "third": third}
        alone = find_reprints([(reprint.reprint_of, at(0), pair[reprint.reprint_of]), (copy, at(1), pair[copy])])
        assert alone == {copy: reprint}


def test_articles_of_one_moment_are_ordered_by_id() -> None:
    assert find_reprints([("b", at(0), text(5)), ("a", at(0), text(5))]) == {"b": Reprint("a", 1.0)}
