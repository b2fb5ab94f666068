"""Template text that cleaning let through is found in the corpus of a site; what the articles say is not proposed."""

from __future__ import annotations

import json
import re
import tomllib
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from cpu_time import is_within
from printed_pages import demo_pages
from vinhkhe import FACTS, SITE, Built

from crawler.profile import Furniture
from crawler.sites import Sites
from pipeline.clean import clean_page
from pipeline.cli import congdoan
from pipeline.cli.furniture import record, report, to_paste
from pipeline.demo.newspaper import PAPERS
from pipeline.records import Article, Block, Page
from pipeline.recurring import MIN_ARTICLES, NoArticles, recurring_lines
from pipeline.tallies import Printed

# What the press prints on every page here and no list of ours knows.
ABOVE = "Đọc số báo in ngay trên điện thoại của đoàn viên"
BELOW_HEADING = "Chuyện nhà máy tuần này"
INSIDE_HEADING = "Cũng ở khu này"
COUNTED = "Đã có {} người quan tâm"
TITLED = "Bài “{}” in trong phụ trang Đời thợ của tờ báo giấy phát hành vào thứ sáu tuần này."
STANDING = "Góp ý với phụ trang, xin gọi tổng đài của chúng tôi trong giờ làm việc của các ngày trong tuần."
IN_ONE_SECTION = "Trang do quỹ Bữa cơm tròn bảo trợ"
# What articles say again and again.
PHRASE = "Theo đó,"
SUBHEAD = "Kết quả bước đầu"
THANKS = "Xin cảm ơn bà!"
SERIES = "Loạt bài này đi theo những chuyến xe đêm chở công nhân từ Hà Lĩnh về các xóm trọ phía nam của tỉnh."


def planted(number: int, page: Page, titles: list[str]) -> Page:
    """Return the page with the template lines of a press, and with what its writers repeat."""
    others = [title for title in titles if title != page.title]
    near = [others[(number * 5 + step) % len(others)] for step in range(5)]
    body = list(page.blocks)
    middle = len(body) // 2
    inserted: list[str] = [PHRASE] if number % 3 == 0 else [INSIDE_HEADING, near[3], near[4]] if number % 3 == 1 else []
    inserted += [SUBHEAD] if number % 4 == 0 else []
    above = [ABOVE, *([SERIES] if number % 10 == 5 else [])]
    below = [
        COUNTED.format(number * 7 + 1),
        TITLED.format(page.title),
        STANDING,
    ]
    below += [IN_ONE_SECTION] if number % 8 == 2 else []
    below += [BELOW_HEADING, *near[:3]]
    thanks = [THANKS] if number % 5 == 0 else []  # above the byline
    after = [*body[middle:-1], *map(Block, thanks), *body[-1:]]
    lines = [*map(Block, above), *body[:middle], *map(Block, inserted), *after, *map(Block, below)]
    authors = ("Khương Duy",) if number % 10 == 5 else page.authors
    return replace(page, blocks=tuple(lines), authors=authors)


def printed(number: int, article: Article) -> Printed:
    lines = article.text.split("\n")[1 + (article.lead is not None) :]
    day = article.published_at.date() if article.published_at else None
    return Printed(str(number), article.url, article.title, article.lead, tuple(lines), article.authors, day)


@pytest.fixture(scope="module")
def corpus_of_templates() -> list[Printed]:
    both = [page for page, _ in demo_pages()]
    titles = [page.title for page in both]
    return [printed(number, clean_page(planted(number, page, titles))) for number, page in enumerate(both)]


# ------------------------------------------------------------------------------------------------ what is found
def test_every_template_line_is_found_and_no_line_of_an_article(corpus_of_templates: list[Printed]) -> None:
    assert len(corpus_of_templates) > 50
    findings = recurring_lines(lambda: corpus_of_templates)
    kinds = {one.line: one.kind for one in findings.proposed}
    counted, titled = (next(line for line in kinds if line.startswith(start)) for start in ("Đã có", "Bài “"))
    assert kinds == {
        ABOVE: "lines",
        BELOW_HEADING: "headings",
        INSIDE_HEADING: "inside",
        STANDING: "lines",
        IN_ONE_SECTION: "lines",
        counted: "patterns",
        titled: "patterns",
    }
    left_out = {one.line: one.left_out for one in findings.left_out}
    assert {PHRASE, SUBHEAD, THANKS} <= left_out.keys()


def test_the_demo_as_it_is_has_nothing_to_propose() -> None:
    for paper in PAPERS:
        pages = [page for page, site in demo_pages() if site.name == paper]
        articles = [printed(number, clean_page(page)) for number, page in enumerate(pages)]
        assert recurring_lines(lambda articles=articles: articles).proposed == ()  # type: ignore[misc]


def test_a_finding_has_its_counts_places_days_and_examples(corpus_of_templates: list[Printed]) -> None:
    findings = recurring_lines(lambda: corpus_of_templates)
    by_line = {one.line: one for one in findings.proposed}
    above, below = by_line[ABOVE], by_line[BELOW_HEADING]
    number = len(corpus_of_templates)
    assert (findings.articles, above.articles, above.share, above.top) == (number, number, 1.0, number)
    assert (below.bottom, below.titles_below) == (number, number)
    days = [article.day for article in corpus_of_templates if article.day]
    assert (above.first, above.last) == (min(days), max(days))
    assert [example.article_id for example in above.examples] == ["0", "1", "2"]
    assert above.examples[0].url == corpus_of_templates[0].url


def test_what_is_pasted_into_the_profile_is_gone_and_nothing_else(corpus_of_templates: list[Printed]) -> None:
    findings = recurring_lines(lambda: corpus_of_templates)
    own = Furniture.model_validate(tomllib.loads("\n".join(to_paste(findings))))
    site = Sites()["laodong_vn"].model_copy(update={"furniture": own})
    both = [page for page, _ in demo_pages()]
    titles = [page.title for page in both]
    own_words = {PHRASE, SUBHEAD, THANKS, SERIES}
    for number, page in enumerate(both):
        kept = clean_page(planted(number, page, titles), site).text.split("\n")
        wanted = clean_page(page).text.split("\n")
        assert [line for line in kept if line not in own_words] == wanted


def article(number: int, *lines: str, authors: tuple[str, ...] = ()) -> Printed:
    own = (
        f"Ở xưởng số {chr(97 + number % 26)}{chr(97 + number // 26)}, tổ may của chị Vi Lam làm thêm một ca trong tuần."
    )
    return Printed(str(number), None, f"Chuyện xưởng {number} của chúng tôi", None, (own, *lines), authors)


def test_a_sentence_needs_more_articles_and_more_authors_than_a_short_line() -> None:
    sentence = "Bài dự thi viết về người thợ do tờ báo và công đoàn tỉnh cùng tổ chức trong ba năm liền."
    alone = [article(number, *([sentence] if number < 7 else [])) for number in range(100)]
    assert recurring_lines(lambda: alone).proposed == ()
    column = [article(number, *([sentence] if number < 30 else []), authors=("Vi Lam",)) for number in range(100)]
    assert recurring_lines(lambda: column).proposed == ()
    names = ("Vi Lam", "Tạ Hà", "Khương Duy", "Hoàng Nhiên")
    many = [article(n, *([sentence] if n < 30 else []), authors=(names[n % 4],)) for n in range(100)]
    assert [one.line for one in recurring_lines(lambda: many).proposed] == [sentence]


def test_few_articles_prove_nothing() -> None:
    few = [article(number, "Mua báo dài hạn") for number in range(MIN_ARTICLES - 1)]
    assert recurring_lines(lambda: few).proposed == ()
    with pytest.raises(NoArticles):
        recurring_lines(lambda: ())


def test_memory_does_not_grow_with_the_articles() -> None:
    def articles(count: int) -> Iterator[Printed]:
        return (
            article(number, f"Câu riêng {chr(200 + number % 5000)} của bài", "Mua báo dài hạn")
            for number in range(count)
        )

    peaks = []
    for count in (300, 3_000):
        tracemalloc.start()
        recurring_lines(lambda count=count: articles(count))  # type: ignore[misc]
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 2_700 * 200


def test_the_patterns_proposed_are_read_in_no_time() -> None:
    tricky = [article(number, f"(((+++ {number} *** {number} [[[ ' \" \\ {number}") for number in range(20)]
    (found,) = recurring_lines(lambda: tricky).proposed
    assert found.kind == "patterns"
    assert re.fullmatch(found.rule or "", tricky[7].lines[1])
    assert re.fullmatch(found.rule or "", "(((+++ " + "1" * 50_000) is None
    assert is_within(1.0, lambda: re.fullmatch(found.rule or "", "(((+++ " + "1" * 50_000))


# ------------------------------------------------------------------------------------------------ the command
def test_the_report_tells_counts_places_examples_and_what_to_paste(corpus_of_templates: list[Printed]) -> None:
    findings = recurring_lines(lambda: corpus_of_templates)
    number = len(corpus_of_templates)
    told = "\n".join(report("thudo", findings))
    assert told.startswith(f"thudo: {number} articles, 7 recurring lines to look at")
    assert (
        f"on {number} of {number} articles (100.0%): below it {number}; titles of other articles follow on {number}"
        in told
    )
    assert f"  0  {corpus_of_templates[0].url}" in told
    assert f"    '{BELOW_HEADING}',  # 03/07/2026 to 18/11/2026, on {number} of {number} articles" in told
    assert THANKS in told.split("left out:")[1]
    fields = record("thudo", findings)
    assert fields["articles"] == number
    assert json.loads(json.dumps(fields))["proposed"][0]["first"] == "2026-07-03"


def furniture(corpus: Path, *options: str) -> str:
    called = CliRunner().invoke(congdoan, ["sites", "furniture", *options, "--corpus", str(corpus)])
    assert called.exit_code == 0, called.output
    return called.output


def test_the_command_reads_the_tables_and_proposes_no_fact_of_the_articles(built: Built) -> None:
    record = json.loads(furniture(built.corpus, SITE, "--json"))
    assert record["site"] == SITE
    assert record["articles"] > 10
    assert record["proposed"] == []
    assert {one["line"] for one in record["left_out"]} <= set(FACTS)
    assert furniture(built.corpus, SITE).startswith(f"{SITE}: {record['articles']} articles, 0 recurring lines")


def test_a_site_that_is_not_in_the_tables_is_refused_in_one_line(built: Built) -> None:
    from pipeline.cli.failures import DATA_AT_FAULT, failure_of

    called = CliRunner().invoke(congdoan, ["sites", "furniture", "nowhere_vn", "--corpus", str(built.corpus)])
    assert isinstance(called.exception, NoArticles)
    failure = failure_of(called.exception)
    assert failure is not None
    assert failure.exit_code == DATA_AT_FAULT
    assert "no article to learn from of 'nowhere_vn'" in failure.line
