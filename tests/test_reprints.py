"""Planted copies are found, of every kind that papers print, and different articles are not."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_reprints import KINDS, Press, Printed, alike, families, found_among, full_of_phrases, reprints_among
from vinhkhe import DAY_1

from pipeline.demo.newspaper import PAPERS, read_paper
from pipeline.reprints import Reprint, Signatures, first_of_group, keys, pairs, signatures
from pipeline.reprints.shingles import Shingled


def printed(name: str, hour: int, text: str, site: str = "thoibao") -> Printed:
    return Printed(name, site, DAY_1 + dt.timedelta(hours=hour), text, name, "original")


def text(seed: int, paragraphs: int = 8) -> str:
    """Return an invented article."""
    return "\n".join(Press(seed).lines(paragraphs))


@cache
def planted() -> tuple[list[Printed], dict[str, Reprint]]:
    articles = list(families(700))
    return articles, reprints_among(articles)


def copies(kinds: tuple[str, ...] = tuple(KINDS)) -> list[tuple[Printed, float, float]]:
    """Return the planted copies with their similarity to the original, and the share of the shorter text."""
    articles, _ = planted()
    originals = {one.article_id: one for one in articles if one.kind == "original"}
    return [(one, *alike(one.text, originals[one.family].text)) for one in articles if one.kind in kinds]


def recall(wanted: list[Printed]) -> float:
    _, found = planted()
    return sum(one.article_id in found for one in wanted) / len(wanted)


def test_planted_copies_are_found() -> None:
    near = [copy for copy, similarity, _ in copies() if similarity >= 0.85]
    middle = [copy for copy, similarity, _ in copies() if 0.6 <= similarity < 0.85]
    assert len(near) > 150
    assert len(middle) > 150
    assert recall(near) >= 0.99
    assert recall(middle) >= 0.95


def test_copies_cut_short_are_found() -> None:
    cut = [copy for copy, _, share in copies(("cut",)) if share >= 0.85]
    assert len(cut) > 60
    assert sum(similarity < 0.6 for copy, similarity, _ in copies(("cut",))) > 40
    assert recall(cut) >= 0.95


def test_copies_with_another_lead_or_other_quotes_are_found() -> None:
    other = [copy for copy, similarity, _ in copies(("other_lead", "other_quotes")) if similarity >= 0.6]
    assert len(other) > 60
    assert recall(other) >= 0.99


def test_copies_cut_out_of_texts_full_of_phrases_that_everybody_prints_are_found() -> None:
    articles = list(full_of_phrases(400))
    found = reprints_among(articles)
    wanted = {one.article_id: one.family for one in articles if one.kind == "cut"}
    right = sum(name in found and found[name].reprint_of == family for name, family in wanted.items())
    assert right / len(wanted) >= 0.99
    assert found.keys() <= wanted.keys()


def test_a_copy_with_another_title_another_lead_and_other_quotes_is_found() -> None:
    press = Press(9)
    kept, spoken, instead = press.lines(6), press.lines(2), press.lines(2)
    first = [" ".join(press.words(12)), *press.lines(1), *kept[:3], *spoken, *kept[3:]]
    second = [" ".join(press.words(12)), *press.lines(1), *kept[:3], *instead, *kept[3:]]
    found = reprints_among([printed("a", 0, "\n".join(first)), printed("b", 1, "\n".join(second), "thudo")])
    assert found["b"].reprint_of == "a"
    assert found["b"].similarity < 0.6


def test_reports_that_share_a_long_quotation_or_many_short_lines_are_none() -> None:
    press = Press(10)
    quotation, terms = press.lines(2), [" ".join(press.words(14)) for _ in range(40)]
    reports = [[*press.lines(2), *quotation, *press.lines(2)] for _ in range(2)]
    forms = [[*press.lines(4), *terms] for _ in range(2)]
    articles = [printed(f"{at}", at, "\n".join(lines), f"site{at}") for at, lines in enumerate([*reports, *forms])]
    assert alike(articles[2].text, articles[3].text)[1] > 0.6
    assert reprints_among(articles) == {}


@pytest.mark.parametrize(
    ("title", "day", "next_day"),
    [
        ("Thời tiết {}: mưa dông ở Vĩnh Khê", "ngày 6/4", "ngày 7/4"),
        ("Giá nông sản hôm nay {}: hồ tiêu đi ngang", "6/4/2026", "7/4/2026"),
        ("Giá nông sản hôm nay\nCập nhật {} tại Vĩnh Khê.", "ngày 30 tháng 4", "ngày 1 tháng 5"),
    ],
)
def test_two_issues_of_a_bulletin_are_no_reprints_and_a_copy_of_one_is(title: str, day: str, next_day: str) -> None:
    press = Press(11)
    regions = press.lines(9)
    first = "\n".join([title.format(day), *regions])
    second = "\n".join([title.format(next_day), *regions[:8], *press.lines(1)])
    articles = [printed("a", 0, first), printed("copy", 2, first, "thudo"), printed("b", 24, second)]
    assert alike(first, second)[0] > 0.6
    assert {name: reprint.reprint_of for name, reprint in reprints_among(articles).items()} == {"copy": "a"}


def test_a_copy_is_found_under_a_title_with_the_day_it_was_copied_on() -> None:
    lead = "Ngày 6/4, Công đoàn Vĩnh Khê bàn giao mười hai căn nhà cho đoàn viên.\n" + text(12)
    articles = [printed("a", 0, "Trao nhà\n" + lead), printed("b", 9, "Tin 7/4: trao nhà\n" + lead, "thudo")]
    assert reprints_among(articles).keys() == {"b"}


def test_what_is_found_is_a_copy_of_what_it_names() -> None:
    articles, found = planted()
    family = {one.article_id: one.family for one in articles}
    right = sum(family[name] == family[reprint.reprint_of] for name, reprint in found.items())
    assert right / len(found) >= 0.99


def test_a_reprint_names_the_earliest_and_says_how_alike_the_two_are() -> None:
    articles, found = planted()
    by_name = {one.article_id: one for one in articles}
    for name, reprint in found.items():
        earlier, later = by_name[reprint.reprint_of], by_name[name]
        assert (earlier.time, earlier.article_id) < (later.time, later.article_id)
        assert (reprint.similarity, reprint.share) == pytest.approx(alike(earlier.text, later.text), abs=2e-4)


def test_a_copy_is_found_on_another_site_and_on_the_same() -> None:
    found = reprints_among(
        [
            printed("copy", 2, text(1), "thudo"),
            printed("again", 3, text(1)),
            printed("original", 1, text(1)),
            printed("other", 0, text(2)),
        ]
    )
    assert found == {"copy": Reprint("original", 1.0, 1.0), "again": Reprint("original", 1.0, 1.0)}


def test_of_the_demo_papers_only_the_planted_near_copy_is_found() -> None:
    articles = [
        Printed(str(one.id), paper, one.published, one.text(), str(one.id), "original")
        for paper in PAPERS
        for one in read_paper(paper)
    ]
    assert len(articles) > 40
    assert {copy: reprint.reprint_of for copy, reprint in reprints_among(articles).items()} == {"210105": "1510105"}


def test_punctuation_case_and_the_style_of_tones_make_no_difference() -> None:
    as_printed = "Hội nghị hòa giải, thủy lợi và kỹ thuật ở xã Hóa Trung. " + text(3)
    shouted = as_printed.replace("hòa", "hoà").replace("kỹ", "kĩ").replace("thủy", "thuỷ").upper().replace(" ", ", ")
    assert reprints_among([printed("a", 0, as_printed), printed("b", 1, shouted)]) == {"b": Reprint("a", 1.0, 1.0)}


@pytest.mark.parametrize("short", ["", "Chúc mừng năm mới", "Ảnh: Thành Nam\nChúc mừng năm mới " * 2])
def test_short_texts_are_left_alone(short: str) -> None:
    assert reprints_among([printed("a", 0, short), printed("b", 1, short)]) == {}


def test_half_a_text_in_common_is_no_reprint() -> None:
    press = Press(5)
    shared, one, other = press.lines(5), press.lines(5), press.lines(5)
    found = reprints_among([printed("a", 0, "\n".join(shared + one)), printed("b", 1, "\n".join(shared + other))])
    assert found == {}


def test_a_round_up_that_holds_a_short_item_is_no_reprint_of_it() -> None:
    press = Press(6)
    item = press.lines(2)
    round_up = [*press.lines(3), *item, *press.lines(3)]
    assert reprints_among([printed("item", 0, "\n".join(item)), printed("round-up", 1, "\n".join(round_up))]) == {}


def furnished(count: int) -> list[Printed]:
    """Return short items of one site under each of which the same three lines are printed."""
    press = Press(7)
    furniture = press.lines(3)
    items = [[" ".join(press.words(9)), " ".join(press.words(22))] for _ in range(count)]
    return [printed(f"{at:03d}", at, "\n".join([*own, *furniture])) for at, own in enumerate(items)]


def test_short_items_full_of_furniture_are_not_glued_together() -> None:
    items = furnished(60)
    similarity, share = alike(items[0].text, items[1].text)
    assert max(similarity, share) > 0.6  # they look like copies
    assert reprints_among(items) == {}


def test_items_come_unglued_when_their_furniture_has_shown_itself_and_are_glued_again_without() -> None:
    items = furnished(20)
    few = items[:9]  # what nine articles of a site have in common may be a text that was printed nine times
    glued = found_among(few)
    assert any(glued.values())
    unglued = {**glued, **found_among(items, few, glued)}
    assert not any(unglued.values())
    again = found_among(few, items, unglued)
    assert {name: again.get(name, unglued[name]) for name in glued} == glued


def test_a_copy_is_found_among_items_full_of_furniture() -> None:
    items = furnished(60)
    copy = replace(items[40], article_id="copy", time=DAY_1 + dt.timedelta(days=9), site="thudo")
    assert {name: reprint.reprint_of for name, reprint in reprints_among([*items, copy]).items()} == {"copy": "040"}


def test_a_text_that_everybody_prints_is_one_group_however_many_there_are() -> None:
    press = Press(8)
    lines = press.article()
    articles = [
        printed(f"{at:03d}", at, "\n".join(press.light(lines) if at else lines), site=f"site{at % 30}")
        for at in range(300)
    ]
    found = reprints_among(articles)
    groups = groups_of(
        [one.article_id for one in articles],
        [found[one.article_id].reprint_of if one.article_id in found else None for one in articles],
    )
    assert Counter(groups) == {"000": 299, None: 1}


def test_a_group_goes_by_its_earliest_article_through_all_its_versions() -> None:
    assert groups_of(["a", "b", "c", "d", "e"], [None, "a", "b", "c", None]) == [None, "a", "a", "a", None]


def groups_of(ids: list[str], reprint_of: list[str | None]) -> list[str | None]:
    """Return the group of each of some articles, given by what each repeats."""
    columns = (pa.chunked_array([pa.array(names, pa.string())]) for names in (ids, reprint_of))
    return first_of_group(*columns).to_pylist()


@settings(max_examples=12)
@given(st.data())
def test_the_answers_do_not_depend_on_the_order_in_which_articles_came_changed_and_went(data: st.DataObject) -> None:
    everything = copies_and_strangers(data.draw(st.integers(0, 50)))
    states = []
    for _ in range(data.draw(st.integers(1, 4))):
        some = data.draw(st.sets(st.sampled_from(range(len(everything)))))
        shift = data.draw(st.integers(0, 3))
        # some have another text, another time or another site in some of the states
        states.append(
            [
                one
                if at % 7 != shift
                else replace(one, text=everything[at - shift].text, time=one.time + dt.timedelta(hours=shift * at))
                for at, one in enumerate(everything)
                if at in some
            ]
        )
    assert answers_after([*states, everything]) == found_among(everything)


@settings(max_examples=12)
@given(st.data())
def test_the_answers_are_the_same_where_few_articles_changed(data: st.DataObject) -> None:
    states = [copies_and_strangers(data.draw(st.integers(0, 50)))]
    for _ in range(4):
        state = list(states[-1])
        at, other = (data.draw(st.sampled_from(range(len(state)))) for _ in range(2))
        lines = state[at].text.split("\n")
        text = data.draw(st.sampled_from([[], lines[1:], [*lines, *state[other].text.split("\n")[:2]]]))
        hours = data.draw(st.sampled_from([0, 0, -40, 40]))
        site = state[data.draw(st.sampled_from([at, at, other]))].site
        edited = replace(state[at], text="\n".join(text), time=state[at].time + dt.timedelta(hours=hours), site=site)
        state[at : at + 1] = [edited] if text else []
        states.append(state)
    assert answers_after(states) == found_among(states[-1])


def copies_and_strangers(seed: int) -> list[Printed]:
    """Return copies, items full of furniture, and articles with phrases that more have than one is compared with."""
    phrases = [replace(one, article_id=f"p{one.article_id}") for one in full_of_phrases(12, sites=20, phrases=12)]
    return [*families(15, seed=seed, sites=3), *furnished(16), *phrases]


def answers_after(states: list[list[Printed]]) -> dict[str, Reprint | None]:
    """Return the answers for the last state, found one state after the other."""
    before: list[Printed] = []
    answers: dict[str, Reprint | None] = {}
    for state in states:
        names = {one.article_id for one in state}
        kept = {name: answer for name, answer in answers.items() if name in names}
        answers = {**kept, **found_among(state, before, answers)}
        before = state
    return answers


def test_only_what_may_have_changed_is_compared_again() -> None:
    articles, found = planted()
    newcomer = replace(articles[0], article_id="newcomer", time=DAY_1 + dt.timedelta(days=30), site="site0")
    answers: dict[str, Reprint | None] = dict(found)
    again = found_among([*articles, newcomer], articles, answers)
    assert again == {"newcomer": Reprint(articles[0].article_id, 1.0, 1.0)}


def issues(count: int) -> list[Printed]:
    """Return issues of a bulletin, no copies for the days in their titles, each with six of seven lines of the last."""
    press = Press(100)
    lines = [" ".join(press.words(40)) for _ in range(count + 6)]
    titles = [f"Giá nông sản ngày {at + 1}/4" for at in range(count)]
    return [printed(f"{at:02d}", 24 * at, "\n".join([titles[at], *lines[at : at + 7]])) for at in range(count)]


def test_articles_that_did_not_change_are_compared_with_what_changed_and_not_with_each_other() -> None:
    articles = issues(20)
    edited = [replace(one, text=f"{one.text}\n{text(3, 1)}") if one.article_id == "09" else one for one in articles]
    asked: set[str] = set()
    answers = found_among(edited, articles, found_among(articles), asked.update)
    assert {"08", "09", "10"} <= asked <= {"06", "07", "08", "09", "10", "11", "12"}
    assert answers == {"09": None}


def test_texts_that_only_share_a_phrase_are_not_read() -> None:
    articles = [one for one in families(60) if one.kind == "original"]
    phrase = " ".join(Press(12).words(60))
    with_phrase = [replace(one, text=f"{one.text}\n{phrase}") for one in articles]
    asked: set[str] = set()
    assert not any(found_among(with_phrase, asked=asked.update).values())
    assert asked == set()


def test_two_texts_share_no_more_than_their_signatures_allow() -> None:
    articles, _ = planted()
    signed = Signatures.of(enumerate(signatures([one.text for one in articles])))
    shingles = [set(Shingled.of(one.text).distinct.tolist()) for one in articles]
    for apart in (1, 2, 100):  # a copy and its original, two copies, strangers
        some = np.arange(len(articles) - apart, dtype=np.int64)
        shared = [len(shingles[at] & shingles[at + apart]) for at in some.tolist()]
        at_most = signed.shared_at_most(some, some + apart)
        assert (shared <= at_most).all()
        assert max(shared) > 0


def test_the_answers_are_the_same_where_keys_and_pairs_do_not_fit_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [*families(150), *furnished(40), *full_of_phrases(40, phrases=20)]
    found = found_among(articles)
    again = found_among(articles, articles[9:], found)
    monkeypatch.setattr(keys, "_KEYS_AT_ONCE", 5000)
    monkeypatch.setattr(pairs, "_PAIRS_IN_MEMORY", 100)
    monkeypatch.setattr(pairs, "_PAIRS_AT_ONCE", 1000)
    assert found_among(articles) == found
    assert found_among(articles, articles[9:], found) == again


def test_what_repeated_an_article_that_has_another_text_now_is_compared_with_all_again() -> None:
    lines, other = Press(7).article(), Press(8).article()
    first, second, third = (printed(name, at, "\n".join(lines)) for at, name in enumerate(["a", "b", "c"]))
    before = [first, second, third]
    now = [replace(first, text="\n".join(other)), second, third]
    assert found_among(now, before, found_among(before)) == {"a": None, "b": None, "c": Reprint("b", 1.0, 1.0)}
