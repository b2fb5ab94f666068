"""Designs of pages as publishing systems print them, old and new, with our own text: every field is read as a reader
sees it. What stands beside each page (`*.json`) is in the form of `congdoan eval --pages`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from crawler.sites import Sites
from pipeline.document import analyze
from pipeline.evaluate.expected import Expected, read_expected
from pipeline.evaluate.fields import score_page
from pipeline.evaluate.readers import our_reader
from pipeline.parse import PageNotUnderstood, parse_html

PAGES = Path(__file__).parent / "designs"
NOW = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("page", read_expected(PAGES, None, NOW), ids=lambda page: page.page.stem)
def test_every_field_of_a_design_is_read(page: Expected) -> None:
    reader = our_reader(Sites())
    misses = score_page(page, reader.read(page.content, page.url, page.fetched_at), reader).misses
    assert [f"{miss.field}: {miss.expected} | {miss.got}" for miss in misses] == []


def test_a_byline_that_shows_the_first_of_several_authors_does_not_hide_the_others() -> None:
    page = (PAGES / "wp_astra.html").read_text(encoding="utf-8")
    several = page.replace("<title>", '<meta property="dable:author" content="Thế Vinh;Hà Mẫn"><title>', 1)
    assert analyze(html=several, url="https://nghiepdoan.example/quan-com-881").article.authors == (
        "Thế Vinh",
        "Hà Mẫn",
    )
    other = page.replace("<title>", '<meta property="dable:author" content="Ban Biên tập"><title>', 1)
    assert analyze(html=other, url="https://nghiepdoan.example/quan-com-881").article.authors == ("Thế Vinh",)


def test_a_page_cut_off_in_its_lead_is_refused_in_words() -> None:
    page = (PAGES / "dropcap.html").read_text(encoding="utf-8")
    cut = page[: page.index("Nà Sía", page.index('class="dek"')) + len("Nà Sía")]
    with pytest.raises(PageNotUnderstood, match="no body"):
        parse_html(cut, None, None, fetched_at=NOW)
