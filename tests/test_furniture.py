"""Articles as Vietnamese papers print them, line by line: what stays, what goes, what is kept apart."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

import pytest
from cpu_time import is_within, least_seconds

from crawler.profile import Furniture
from crawler.sites import Sites
from pipeline.clean import clean_page
from pipeline.furniture import MAX_LINE_CHARACTERS, is_beside, is_mark, is_single_line
from pipeline.furniture_rules import always_in, line_key, rules_for, shipped
from pipeline.records import Article, Block, BlockRole, Page

CASES = Path(__file__).parent / "cases" / "furniture.txt"
ROLES: dict[str, BlockRole] = {"# ": "heading", "* ": "list_item", "| ": "table_row"}
# ten times the lines take ten times as long, more when the clock is noisy; with a quadratic step, a hundred times
MANY_LINES, FEW_LINES, MAX_TIMES = 3_000, 300, 40.0


@dataclass
class Case:
    """One printed article; `lines` are mark, role and text."""

    name: str
    title: str = ""
    lead: str | None = None
    lead_wanted: str | None = None
    place: str | None = None
    lines: list[tuple[str, BlockRole, str]] = field(default_factory=list)

    def page(self) -> Page:
        blocks = tuple(Block(line, role) for _, role, line in self.lines)
        return page(*blocks, title=self.title, lead=self.lead)

    def marked(self, marks: str) -> list[str]:
        return [line for mark, _, line in self.lines if mark in marks]


def page(*blocks: Block, title: str = "Hội thao công nhân Hà Lĩnh", lead: str | None = None) -> Page:
    return Page(url=None, site=None, source_id=None, layout="text", title=title, lead=lead, blocks=blocks)


def read_cases() -> Iterator[Case]:
    for part in re.split(r"^== ", CASES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, *lines = part.strip().split("\n")
        case = Case(name)
        for line in lines:
            if not line or line.startswith("# "):
                continue
            mark, rest = line[0], line[1:]
            role = ROLES.get(rest[:2], "paragraph")
            text = rest[2:].strip() if role != "paragraph" else rest.strip()
            if mark == "t":
                case.title = text
            elif mark in "lL":
                case.lead, case.lead_wanted = (text, text) if mark == "l" else (case.lead, text)
            elif mark == "p":
                case.place = text
            else:
                case.lines.append((mark, role, text))
        yield case


@pytest.mark.parametrize("case", list(read_cases()), ids=lambda case: case.name)
def test_a_printed_article_keeps_its_lines_and_no_other(case: Case) -> None:
    cleaned = clean_page(case.page())
    body = cleaned.text.split("\n")[1 + (cleaned.lead is not None) :]
    assert body == case.marked("+?")
    assert list(cleaned.captions) == case.marked("c")
    assert (cleaned.lead, cleaned.place) == (case.lead_wanted, case.place)
    assert {line.line for line in cleaned.dropped} >= set(case.marked("-cb"))


@pytest.mark.parametrize("case", list(read_cases()), ids=lambda case: case.name)
def test_a_cleaned_article_is_clean(case: Case) -> None:
    once = clean_page(case.page())
    roles = {line: role for _, role, line in case.lines}
    lines = once.text.split("\n")[1 + (once.lead is not None) :]
    again = clean_page(page(*(Block(line, roles[line]) for line in lines), title=once.title, lead=once.lead))
    assert again.text == once.text
    assert again.dropped == ()


def test_each_list_says_where_its_lines_were_seen_and_names_none_twice() -> None:
    text = resources.files("pipeline").joinpath("lexicon/furniture.toml").read_text(encoding="utf-8")
    groups = tomllib.loads(text)["seen"]
    assert all(group["where"].strip() for group in groups)
    for kind in ("below", "lines", "inside", "beside"):
        keys = [line_key(line) for group in groups for line in group.get(kind, ())]
        assert all(keys)
        assert sorted({one for one in keys if keys.count(one) > 1}) == []


def test_old_and_new_tone_placement_are_one_heading() -> None:
    assert line_key("» TỪ KHOÁ (3):") == line_key("Từ khóa")
    assert is_single_line("Báo Tuỳ Hoà giữ bản quyền nội dung trên website này")
    printed = page(Block("Toà soạn"), Block("Tòa soạn"), Block("Quý này, đoàn viên ở Hoà Sơn nhận 34 căn nhà."))
    assert clean_page(printed).text.endswith("Hoà Sơn nhận 34 căn nhà.")


def test_a_site_knows_furniture_that_no_other_site_has() -> None:
    own = Furniture(headings=("Chuyện nhà máy",), lines=("Mời trà",), patterns=(r"số báo \d+",))
    site = Sites()["laodong_vn"].model_copy(update={"furniture": own})
    lines = ("Mời trà", "Số báo 1204", "Xưởng cắt của Sao Khuê có thêm ba máy trải vải, bớt được hai giờ một ca.")
    below = ("Chuyện nhà máy", "Bến Nam có thêm nhà trẻ")
    printed = page(*(Block(line) for line in (*lines, *below)))
    assert body(clean_page(printed, site)) == [lines[2]]
    assert body(clean_page(printed)) == [*lines, *below]


def body(article: Article) -> list[str]:
    return article.text.split("\n")[1:]


# ------------------------------------------------------------------------------------------------ time
PUMPED = [
    *(
        "[",
        "](",
        "[a](b",
        "!",
        "(",
        "- ",
        "a-",
        "#a,",
        "#a ",
        "1 ",
        "9.",
        "a+",
        "a. ",
        "x | ",
        " .",
        "&amp;",
        "(A) ",
        "—",
        "…",
    ),
    *("&amp;#38;", "amp;", "{{", "&#3", "&&#10"),
    *("Ảnh ", "TTXVN/", "Ảnh: ", "12:00 ", "a @", "Hà Nội, ", "tháng 1 ", "trang 1 ", "chia sẻ "),
    *("mời bạn ", "mọi ý kiến gửi ", "bạn đang đọc bài trên ", "bạn đọc gửi email "),
]


@pytest.mark.parametrize("piece", PUMPED)
def test_a_line_of_one_piece_repeated_takes_no_time(piece: str) -> None:
    for length in (MAX_LINE_CHARACTERS - 1, 50_000):
        line = "&" + (piece * length)[:length] + "x"
        long = page(Block(line), Block("Một câu ở giữa cho có."), Block(line), lead=line)
        assert is_within(1.0, lambda long=long: clean_page(long))  # type: ignore[misc]


def repeated_lines() -> dict[str, list[str]]:
    paragraph = "Sáng 5/7, công đoàn khu công nghiệp Hà Lĩnh khai mạc hội thao với đội số {} và các vận động viên."
    return {
        "paragraphs": [paragraph.format(number) for number in range(MANY_LINES)],
        "captions": [f"Đội số {number} nhận cờ. Ảnh: Vi Lam" for number in range(MANY_LINES)],
        "names": ["Khương Duy"] * MANY_LINES,
        "headings": ["Tin liên quan"] * MANY_LINES,
        "titles under a heading": ["Tin khác", *(f"Bến Nam có nhà trẻ số {number}" for number in range(MANY_LINES))],
        "datelines": ["(LĐTĐ) aa"] * MANY_LINES,
        "datelines before the title": ["(LĐTĐ) Hội thao công nhân Hà Lĩnh"] * MANY_LINES,
        "datelines before captions": [f"(LĐTĐ) Đội số {number}. Ảnh: Vi Lam" for number in range(MANY_LINES)],
        "bylines with a mark": ["Người đăng: Vi Lam"] * MANY_LINES,
        "sources": ["Theo TTXVN"] * MANY_LINES,
        "menus": ["Liên hệ"] * MANY_LINES,
    }


@pytest.mark.parametrize("lines", [pytest.param(lines, id=name) for name, lines in repeated_lines().items()])
def test_ten_times_the_lines_take_ten_times_as_long(lines: list[str]) -> None:
    few, many = (page(*map(Block, some)) for some in (lines[:FEW_LINES], lines))
    bound = MAX_TIMES * max(least_seconds(lambda: clean_page(few)), 0.01)
    assert is_within(bound, lambda: clean_page(many))


def test_marks_around_pictures_are_no_words() -> None:
    assert is_mark("![]() | ->")
    assert is_mark("[a](b)")
    assert not is_mark("[a](b) c")


def test_words_of_menus_go_only_beside_furniture() -> None:
    rules = rules_for(None)
    assert rules is shipped()
    assert is_beside("Liên hệ", rules)
    text = "Người lao động cần tư vấn thì làm theo ba bước sau đây, bước nào cũng có người của công đoàn giúp."
    assert body(clean_page(page(Block(text), Block("Liên hệ"), Block(text.upper())))) == [text, "Liên hệ", text.upper()]
    assert body(clean_page(page(Block(text), Block("Liên hệ"), Block("Đăng nhập"), Block(text.upper())))) == [
        text,
        text.upper(),
    ]


def test_the_byline_of_a_named_author_is_known_wherever_it_ends_the_text() -> None:
    text = "Xưởng cắt của Sao Khuê có thêm ba máy trải vải, mỗi máy bớt được hai giờ một ca cho cả tổ."
    signed = replace(page(Block(text), Block("nhóm thợ xưởng cắt")), authors=("Nhóm thợ xưởng cắt",))
    assert body(clean_page(signed)) == [text]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"(?:^|[\s.(])Ảnh (?:tư liệu|của \w+)\)?\.?$", "Ảnh "),
        (r"/\s?TTXVN\)?\.?$", "TTXVN"),
        (r"\((?:Ảnh|ảnh)\)x{0,3}", "("),
        (r"[Ảả]nh? \u00c0", "n"),
        ("Ảnh|Nguồn", ""),
    ],
)
def test_a_pattern_says_what_a_line_cannot_do_without(pattern: str, words: str) -> None:
    assert always_in(pattern) == words
