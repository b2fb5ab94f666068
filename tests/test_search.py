"""A text is found however it is typed: case, tone style, composed or not, with marks or without; and only there."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import duckdb
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline import textquery
from pipeline.query import Corpus, QueryRefused
from pipeline.search import candidate_pattern, find, sought
from pipeline.spelling import NotText, Spelled, has_marks, search_key, spelled

LETTERS = st.text(
    st.sampled_from("aàảãáạăằâấđeèêếiìíoòóôốơớuùúưứyỳýhklmstvĐÀÔƠ \u0300\u0301\u0302\u031b.,-_/1ǵ工й😀"), max_size=40
)

PRINTED = ["hoà", "Hòa", "kỹ", "kĩ", "thuỷ", "đường", "Ước", "nghề", "LĐLĐ", "02", "Ångström", "3\u212a", "Peña", "ý"]


# ------------------------------------------------------------------------------------------------------------ the keys
@pytest.mark.parametrize(
    ("printed", "with_marks", "without"),
    [
        ("Hoà  Bình,", "hoa\u0300 binh\u0300", "hoa binh"),
        ("HÒA BÌNH", "hoa\u0300 binh\u0300", "hoa binh"),
        ("Ho\u0300a Bi\u0300nh", "hoa\u0300 binh\u0300", "hoa binh"),
        ("thuỷ, thủy", "thuy\u0309 thuy\u0309", "thuy thuy"),
        ("kỹ sư, kĩ sư", "ki\u0303 sư ki\u0303 sư", "ki su ki su"),
        ("LĐLĐ tỉnh", "lđlđ tinh\u0309", "ldld tinh"),
        ("02-NQ/TW", "02 nq tw", "02 nq tw"),
        ("йод 工会 😀", "йод 工会", "йод 工会"),
        ("…", "", ""),
    ],
)
def test_keys_with_and_without_marks(printed: str, with_marks: str, without: str) -> None:
    assert search_key(printed) == with_marks
    assert search_key(printed, marks=False) == without


@given(LETTERS)
@example("ǵ")
@example("hŷ")
@example("\u0301a")
@example("İI\u0307ıß")
def test_a_key_of_a_key_is_the_key_and_compositions_are_equal(text: str) -> None:
    for marks in (True, False):
        key = search_key(text, marks=marks)
        assert search_key(key, marks=marks) == key
        assert search_key(key, marks=False) == search_key(text, marks=False)
        assert search_key(unicodedata.normalize("NFC", text), marks=marks) == search_key(
            unicodedata.normalize("NFD", text), marks=marks
        )
    assert not has_marks(search_key(text, marks=False))


@given(st.text(max_size=60))
def test_offsets_of_spellings_are_those_of_the_text(text: str) -> None:
    found = spelled(text)
    assert [search_key(text[part.start : part.end]) for part in found] == [part.key for part in found]
    assert all(a.end <= b.start for a, b in pairwise(found))


@pytest.mark.parametrize("given_", [None, b"nh\xc3\xa0", 3, ["a"]])
def test_what_is_no_text_is_refused_in_one_line(corpus: Corpus, given_: object) -> None:
    for ask in (search_key, has_marks, sought, corpus.search):
        with pytest.raises(NotText, match="a text is needed, this is") as refused:
            ask(given_)  # type: ignore[operator]
        assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["a" * 10_000_000, "\ud800" * 1000, "\x00", "😀" * 100_000])
def test_any_text_has_a_key(text: str) -> None:
    assert len(search_key(text)) <= len(text)
    assert list(find(sought("nhà"), text)) == []


# ---------------------------------------------------------------------------------------------------------- the places
@pytest.mark.parametrize(
    ("typed", "text", "places"),
    [
        ("hoà bình", "Cung Hòa Bình, phố HOÀ-BÌNH; hoa bình", ["Hòa Bình", "HOÀ-BÌNH"]),
        ("hoa binh", "Cung Hòa Bình, hoa bình", ["Hòa Bình", "hoa bình"]),
        ("an", "An toàn, bàn, án", ["An", "án"]),
        ("doan vien", "đoàn, viên; Đoàn\u00a0viên đoàn viên", ["đoàn, viên", "Đoàn\u00a0viên", "đoàn viên"]),
        ("kĩ sư", "Kỹ sư và kỷ sư", ["Kỹ sư"]),
        ("10", "10 và 100, 10%", ["10", "10"]),
        ("ai ai", "ai ai ai ai ai", ["ai ai", "ai ai"]),
        ("nghề", "nghe\u0302\u0300 may", ["nghe\u0302\u0300"]),
    ],
)
def test_whole_syllables_are_found_with_their_offsets(typed: str, text: str, places: list[str]) -> None:
    assert [text[start:end] for start, end in find(sought(typed), text)] == places


def test_marks_may_be_asked_for_or_ignored() -> None:
    text = "ba bà bá"
    assert [text[start:end] for start, end in find(sought("ba", marks=True), text)] == ["ba"]
    assert len(list(find(sought("bà", marks=False), text))) == 3
    assert candidate_pattern(sought("工会")) is None


@given(st.data())
def test_a_sentence_with_the_text_is_never_passed_over(chosen: st.DataObject) -> None:
    printed = " - ".join(chosen.draw(st.lists(st.sampled_from(PRINTED), min_size=1, max_size=3)))
    shown = chosen.draw(st.sampled_from([str, str.upper, str.title]))(printed)
    text = unicodedata.normalize(chosen.draw(st.sampled_from(["NFC", "NFD"])), f"{shown}, và")
    wanted = sought(search_key(printed, marks=False))
    assert list(find(wanted, text))
    pattern = candidate_pattern(wanted)
    assert duckdb.execute("SELECT regexp_matches(?, ?)", [text, pattern]).fetchall() == [(True,)]


@given(
    st.lists(st.sampled_from([*PRINTED, "10", "1\u0301", "\u0301", "²", "_", "-", " ", ",", "ﬁ", "工"]), max_size=12),
    st.lists(st.sampled_from([*PRINTED, "10", "1"]), min_size=1, max_size=2),
    st.sampled_from([None, True, False]),
)
def test_places_are_those_where_the_syllables_of_a_text_are_the_ones_sought(
    printed: list[str], typed: list[str], marks: bool | None
) -> None:
    text, wanted = "".join(printed), sought(" ".join(typed), marks)
    syllables = spelled(text, marks=wanted.marks)
    starts = {one.start: number for number, one in enumerate(syllables)}
    ends, at = 0, 0
    for start, end in find(wanted, text):
        passed_over = syllables[at : starts[start]]
        some = syllables[starts[start] : starts[start] + len(wanted.keys)]
        assert (tuple(one.key for one in some), some[-1].end) == (wanted.keys, end)
        assert wanted.keys not in _runs(passed_over, len(wanted.keys))
        assert start >= ends
        ends, at = end, starts[start] + len(some)
    assert wanted.keys not in _runs(syllables[at:], len(wanted.keys))


def _runs(syllables: list[Spelled], length: int) -> set[tuple[str, ...]]:
    """Return the keys of all syllables that follow each other."""
    return {tuple(one.key for one in syllables[at : at + length]) for at in range(len(syllables) - length + 1)}


# ---------------------------------------------------------------------------------------------------------- the corpus
def test_places_in_the_corpus_are_those_of_every_sentence(corpus: Corpus) -> None:
    texts = corpus.articles().set_index("article_id")["text"]
    sentences = corpus.sentences()
    for typed in ("đoàn viên", "doan vien", "ti", "TỔ", "sưu tầm", "45 suất"):
        found = corpus.search(typed)
        wanted = sought(typed)
        expected = [
            (row.article_id, row.start + start, row.start + end)
            for row in sentences.itertuples()
            for start, end in find(wanted, row.text)
        ]
        assert sorted(found[["article_id", "start", "end"]].itertuples(index=False, name=None)) == sorted(expected)
        for row in found.itertuples():
            assert texts[row.article_id][row.start : row.end] == row.surface
            assert search_key(row.surface, marks=False) == search_key(typed, marks=False)
    assert len(corpus.search("doan vien")) > 5


def test_the_oldest_article_comes_first_and_parts_are_searched_alone(corpus: Corpus) -> None:
    found = corpus.search("đoàn viên")
    assert found["published_at"].dropna().is_monotonic_increasing
    assert str(found["published_at"].dt.tz) == "Asia/Ho_Chi_Minh"
    site = found["site"].iloc[0]
    assert len(corpus.search("đoàn viên", site=site)) == (found["site"] == site).sum()
    nothing = corpus.search("từ này không có")
    assert list(nothing.columns) == list(found.columns)
    assert len(nothing) == 0


def test_the_first_places_are_asked_for_alone_and_all_come_month_by_month(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = corpus.search("doan vien")
    pd.testing.assert_frame_equal(corpus.search("doan vien", limit=3), found.head(3))
    pd.testing.assert_frame_equal(corpus.search("doan vien", limit=1000), found)
    monkeypatch.setattr(textquery, "_BYTES_FIRST", 1)
    monkeypatch.setattr(textquery, "_BYTES_AT_ONCE", 1)
    pieces = list(corpus.searched("doan vien"))
    assert len(pieces) == len({partition.month for partition in corpus.snapshot.files["sentences"]})
    pd.testing.assert_frame_equal(pd.concat(pieces, ignore_index=True), found)
    with pytest.raises(QueryRefused, match="at least one"):
        corpus.search("doan vien", limit=0)


@pytest.mark.parametrize(("typed", "of"), [("…", {}), ("nhà", {"sitee": "x"}), ("nhà", {"since": "gestern"})])
def test_a_search_that_makes_no_sense_is_refused(corpus: Corpus, typed: str, of: dict[str, str]) -> None:
    with pytest.raises(QueryRefused):
        corpus.search(typed, **of)
