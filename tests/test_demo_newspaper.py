"""The demo newspaper's files are read as written, and the checker finds what is wrong in them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from pipeline.demo.articles import read_article
from pipeline.demo.newspaper import PAPERS, demo_folder, problems, read_paper, unmarked
from pipeline.demo.truth import DemoArticleInvalid

FRONT = """+++
id = 1510990
slug = "thu-in"
section = "cong-doan"
title = "Thử in 3 bài"
lead = "Lan tỏa phong trào Giờ vàng với 12 tổ."
published = 2026-09-22T11:20:00+07:00
authors = ["Hoàng Nhiên"]
{more}+++
"""
BODY = """Đoạn đầu có 1.250 sáng kiến.

## Tiểu mục

![Tổ dệt số 2. Ảnh: Minh Tuệ](anh-1.jpg)

- ý một
- ý hai

| Đơn vị | Kết quả |
|---|---|
| CĐCS Hà Lĩnh | 50 sáng kiến |

> dòng trong khung
"""
COUNT = {"value_high": None, "kind": "count", "bound": None, "per": None, "denominator": None}
FIGURES = [
    {"surface": "12 tổ", "value": 12, "unit": "tổ", **COUNT},
    {"surface": "1.250 sáng kiến", "value": 1250, "unit": "sáng kiến", **COUNT},
    {"surface": "50 sáng kiến", "value": 50, "unit": "sáng kiến", **COUNT},
]
MOVEMENTS = [{"surface": "Giờ vàng", "name": "Giờ vàng", "kind": "phong_trao"}]


def write(folder: Path, *, more: str = "", body: str = BODY, **truth: object) -> Path:
    path = folder / "thoibao" / "1510990.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(FRONT.format(more=more) + body, encoding="utf-8")
    told = {"movements": MOVEMENTS, "figures": FIGURES, **truth}
    path.with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")
    return path


def test_an_article_is_read_into_blocks_and_printed_lines(tmp_path: Path) -> None:
    article = read_article(write(tmp_path))
    assert [block.kind for block in article.first.body] == ["paragraph", "heading", "picture", "list", "table", "box"]
    assert article.text().split("\n") == [
        "Thử in 3 bài",
        "Lan tỏa phong trào Giờ vàng với 12 tổ.",
        "Đoạn đầu có 1.250 sáng kiến.",
        "Tiểu mục",
        "ý một",
        "ý hai",
        "Đơn vị | Kết quả",
        "CĐCS Hà Lĩnh | 50 sáng kiến",
        "dòng trong khung",
    ]
    assert article.first.captions == ("Tổ dệt số 2. Ảnh: Minh Tuệ",)
    assert article.published.utcoffset() == dt.timedelta(hours=7)
    assert problems("thoibao", tmp_path) == []


def test_an_edited_article_says_something_else_on_the_second_day(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        more="modified = 2026-09-23T08:00:00+07:00\n",
        body=BODY + "\n// day 2\nĐoạn mới có 7 ý tưởng.\n",
        movements_day_2=MOVEMENTS,
        figures_day_2=[FIGURES[0], {"surface": "7 ý tưởng", "value": 7, "unit": "ý tưởng", **COUNT}],
    )
    article = read_article(path)
    assert article.edition(1).body_lines[0] == "Đoạn đầu có 1.250 sáng kiến."
    assert article.edition(2).body_lines == ("Đoạn mới có 7 ý tưởng.",)
    assert problems("thoibao", tmp_path) == []


def test_days_decide_what_is_on_line(tmp_path: Path) -> None:
    new = read_article(write(tmp_path, more="day = 2\n"))
    assert (new.on_line(1), new.on_line(2)) == (False, True)
    gone = read_article(write(tmp_path, more="gone_on_day_2 = true\n"))
    assert (gone.on_line(1), gone.on_line(2)) == (True, False)


def test_a_surface_inside_a_longer_number_or_out_of_order_is_a_problem(tmp_path: Path) -> None:
    inside = {"surface": "250 sáng kiến", "value": 250, "unit": "sáng kiến", **COUNT}
    write(tmp_path, figures=[inside])
    assert "figures[0] '250 sáng kiến' does not occur" in problems("thoibao", tmp_path)[0]
    write(tmp_path, figures=[FIGURES[1], FIGURES[0]])
    assert "figures[1] '12 tổ' does not occur" in problems("thoibao", tmp_path)[0]


@pytest.mark.parametrize(
    ("more", "body", "expected"),
    [
        ("related = [1510991]\n", BODY, "no other article 1510991"),
        ('dateline = "Vĩnh Khê"\nmodified = 2026-01-01T00:00:00Z\n', BODY + "\n// day 2\nkhác", "keys"),
        ("full_length = true\n", BODY, "expected 450 or more"),
        ("color = 1\n", BODY, "unknown color"),
        ("tags = [3]\n", BODY, "tags: 3: expected str"),
        ("", "hai  khoảng trắng", "1510990.md:10: spaces"),
        ("", "| a | b |\n|---|---|\n| một ô |", "1510990.md:12: 1 cells"),
        ("", "![không có tệp]", "1510990.md:10: expected !["),
        ("", "**đậm**", "not in the format"),
        ("", BODY + "\n// day 2\nkhác", "expected an object with the keys"),
    ],
)
def test_each_problem_is_told_with_file_and_place(tmp_path: Path, more: str, body: str, expected: str) -> None:
    write(tmp_path, more=more, body=body)
    assert any(expected in problem for problem in problems("thoibao", tmp_path)), problems("thoibao", tmp_path)


def test_wrong_front_matter_is_told_with_the_line_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(DemoArticleInvalid, match=r"1510990\.md: front matter: .*line 9"):
        read_article(write(tmp_path, more="tags = [\n"[:-2] + "oops\n"))


def test_digits_and_names_outside_the_truth_are_listed(tmp_path: Path) -> None:
    article = read_article(write(tmp_path, body=BODY + "\nGiờ vàng trở lại sau 9 năm.\n"))
    told = [line.split(" in: ")[0].removeprefix("1510990.md: day 1: ") for line in unmarked(article)]
    assert told == ["'3'", "'Giờ vàng'", "'9'"]


@pytest.mark.parametrize("paper", PAPERS)
def test_the_bundled_paper_has_no_problems(paper: str) -> None:
    assert problems(paper) == []


@pytest.mark.parametrize("paper", PAPERS)
def test_the_bundled_paper_has_enough_of_everything(paper: str) -> None:
    articles = read_paper(paper)
    assert len({article.id for article in articles}) == len(articles) >= 30
    assert sum(article.full_length for article in articles) >= 10
    assert any(article.day == 2 for article in articles)
    assert any(article.second for article in articles)
    kinds = {block.kind for article in articles for block in article.first.body}
    assert kinds == {"paragraph", "heading", "picture", "list", "table", "box"}


def test_an_article_vanishes_on_the_second_day() -> None:
    gone = [article for paper in PAPERS for article in read_paper(paper) if article.gone_on_day_2]
    assert gone and all(article.on_line(1) and not article.on_line(2) for article in gone)


def test_the_papers_folder_is_the_repositorys_in_a_checkout() -> None:
    assert demo_folder() == Path(__file__).parents[1] / "data" / "demo"
