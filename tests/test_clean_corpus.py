"""Cleaning over a whole corpus of our own pages, as printed and with other papers' furniture put among the lines."""

from __future__ import annotations

import functools
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from printed_pages import demo_pages, stored_pages
from test_furniture import read_cases

from crawler.site import Site
from pipeline.boxes import why_alone
from pipeline.clean import clean_page
from pipeline.furniture import is_prose
from pipeline.furniture_rules import opens, shipped
from pipeline.parse.body import key
from pipeline.records import Article, Block, Page

# Furniture of sixty papers, from the cases: what stands alone, and whole boxes with what belongs to them.
RULES = shipped()
SINGLE = sorted({line for case in read_cases() for line in case.marked("-") if why_alone(line, RULES)})
ALONE = [line for line in SINGLE if opens(line, RULES) is None]


@functools.cache
def printed() -> tuple[tuple[Page, Site | None], ...]:
    return (*demo_pages(), *stored_pages())


@functools.cache
def titles() -> tuple[str, ...]:
    return tuple(sorted({page.title for page, _ in printed()}))


def body(article: Article) -> list[str]:
    return article.text.split("\n")[1 + (article.lead is not None) :]


def again(article: Article, page: Page, site: Site | None) -> Article:
    """Clean what cleaning left, line by line with the roles that the lines had."""
    lines: list[Block] = []
    below = 0
    for line in body(article):
        found = next((place for place in range(below, len(page.blocks)) if page.blocks[place].text == line), None)
        below = below if found is None else found + 1
        lines.append(Block(line, "paragraph" if found is None else page.blocks[found].role))
    left = replace(
        page, title=article.title, lead=article.lead, blocks=tuple(lines), captions=article.captions, dropped=()
    )
    return clean_page(left, site)


def test_our_pages_are_read_and_furniture_is_at_hand() -> None:
    assert len(demo_pages()) > 50
    assert len(stored_pages()) > 15
    assert len(ALONE) > 70


def test_cleaning_a_cleaned_page_changes_nothing() -> None:
    for page, site in printed():
        once = clean_page(page, site)
        assert again(once, page, site).text == once.text


def test_no_kept_line_is_furniture_of_another_article() -> None:
    kept: dict[str, str | None] = {}
    dropped: dict[str, str] = {}
    for page, site in printed():
        article = clean_page(page, site)
        kept |= {key(line): article.url for line in body(article)}
        dropped |= {key(line.line): line.reason for line in article.dropped if line.reason != "dateline"}
    assert len(kept) > 600
    assert len(dropped) > 80
    assert {line: dropped[line] for line in kept.keys() & dropped.keys()} == {}


@settings(max_examples=150)
@given(st.data())
def test_furniture_put_among_the_lines_is_all_that_goes(data: st.DataObject) -> None:
    page, site = data.draw(st.sampled_from(printed()), label="page")
    wanted = clean_page(page, site)
    lines = list(page.blocks)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines)))
        lines.insert(place, Block(data.draw(st.sampled_from(ALONE), label="furniture")))
    mixed = clean_page(replace(page, blocks=tuple(lines)), site)
    assert (mixed.title, mixed.lead, body(mixed)) == (wanted.title, wanted.lead, body(wanted))


@settings(max_examples=100)
@given(st.data())
def test_a_box_of_titles_between_paragraphs_takes_no_paragraph_with_it(data: st.DataObject) -> None:
    page, site = data.draw(st.sampled_from(demo_pages()), label="page")
    wanted = clean_page(page, site)
    lines = list(page.blocks)
    places = [
        number for number, block in enumerate(lines) if number and is_prose(block.text) and is_prose(lines[0].text)
    ]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    others = [title for title in titles() if title != page.title]
    chosen = data.draw(st.lists(st.sampled_from(others), max_size=4))
    box = [data.draw(st.sampled_from(["Tin liên quan", "Đọc thêm:", ">> Bài liên quan"])), *chosen]
    lines[place:place] = map(Block, box)
    mixed = clean_page(replace(page, blocks=tuple(lines)), site)
    assert body(mixed) == body(wanted)


@settings(max_examples=100)
@given(st.data())
def test_a_box_below_takes_its_titles_and_dates_with_it(data: st.DataObject) -> None:
    page, site = data.draw(st.sampled_from(printed()), label="page")
    wanted = clean_page(page, site)
    others = [title for title in titles() if title != page.title]
    chosen = data.draw(st.lists(st.sampled_from(others), max_size=8))
    heading = data.draw(st.sampled_from(["Tin khác", "Có thể bạn quan tâm", "ĐỌC NHIỀU:", "Các tin đã đưa"]))
    listed = [line for title in chosen for line in (title, "Công đoàn 27/11/2025 19:14")]
    below = clean_page(replace(page, blocks=(*page.blocks, *map(Block, [heading, *listed]))), site)
    assert body(below) == body(wanted)


@settings(max_examples=100)
@given(st.data())
def test_cleaning_twice_is_cleaning_once_whatever_stands_among_the_lines(data: st.DataObject) -> None:
    page, site = data.draw(st.sampled_from(printed()), label="page")
    lines = list(page.blocks)
    paragraphs = [block.text for block in lines if block.role == "paragraph"]
    pieces = st.one_of(st.text(max_size=30), st.sampled_from([*SINGLE, *titles(), *paragraphs]))
    for _ in range(data.draw(st.integers(1, 6))):
        lines.insert(data.draw(st.integers(0, len(lines))), Block(data.draw(pieces)))
    mixed = replace(page, blocks=tuple(lines))
    once = clean_page(mixed, site)
    assert again(once, mixed, site).text == once.text
