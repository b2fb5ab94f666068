"""`congdoan eval`: one table or one JSON object, and one line for what cannot be measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from command import called

from pipeline.cli import congdoan

PAGES = Path(__file__).parent / "pages"
TEXT = (
    "Vĩnh Khê thi đua\n"
    "Phong trào thi đua “Lao động giỏi, Lao động sáng tạo” có 906 sáng kiến được công nhận, làm lợi 4,7 tỉ đồng.\n"
    "Cuộc vận động “Tổ sạch, máy bền” được 120 tổ sản xuất hưởng ứng."
)
MARKED: dict[str, Any] = {
    "id": 7,
    "text": TEXT,
    "movements": [
        {"surface": "Lao động giỏi, Lao động sáng tạo", "kind": "phong trào"},
        {"surface": "Tổ sạch, máy bền", "kind": "cuộc vận động"},
        {"surface": "Ba không", "kind": "phong trào"},
    ],
    "figures": [
        {"surface": "906 sáng kiến", "value": 906, "value_high": None, "kind": "count", "unit": "sáng kiến"},
        {"surface": "4,7 tỉ đồng", "value": 4700000000, "value_high": None, "kind": "money", "unit": "VND"},
    ],
    "neutral": [{"surface": "120 tổ sản xuất"}],
    "not_figures": [{"surface": "2026", "why": "year"}, {"surface": "120 tổ sản xuất"}],
}


def eval_(*arguments: object) -> Result:
    return CliRunner().invoke(congdoan, ["eval", *map(str, arguments)])


def columns(table: str, first: str) -> list[str]:
    """Return the cells of a table's row that begins with these words."""
    rows = [[cell.strip() for cell in line.strip("│┃").split("│")] for line in table.splitlines() if "│" in line]
    return next(row for row in rows if " ".join(row).startswith(first))


def test_pages_give_one_table_with_a_row_for_all_and_for_each_site() -> None:
    done = eval_("--pages", PAGES / "measured" / "znews", "--beside", "trafilatura", "--rounds", 1)
    assert done.exit_code == 0, done.output
    head = next(line for line in done.stdout.splitlines() if "body F1" in line)
    assert [name.strip() for name in head.strip("┃").split("┃")] == [
        *("site", "extractor", "pages", "body P", "body R", "body F1", "title", "lead", "date", "time"),
        *("authors", "section", "captions F1", "pages/CPU s"),
    ]
    ours = columns(done.stdout, "all congdoan 2")
    assert ours[3:13] == ["1.000"] * 3 + ["100%"] * 6 + ["1.000"]
    assert float(ours[13]) > 1
    other = columns(done.stdout, " trafilatura 2")
    assert (other[9], other[12]) == ("–", "–")


def test_pages_as_json_name_what_each_extractor_missed() -> None:
    folder = PAGES / "measured" / "baodautu"
    done = eval_("--pages", folder, "--beside", "trafilatura", "--rounds", 0, "--json", "--misses")
    told = json.loads(done.stdout)
    assert list(told["readers"]) == ["congdoan", "trafilatura"]
    ours, other = told["readers"].values()
    assert (ours["groups"]["all"]["pages"], ours["pages_per_cpu_second"], told["not_installed"]) == (2, None, [])
    assert ours["groups"]["all"]["body"]["f1"] > other["groups"]["all"]["body"]["f1"]
    assert {"field": "lead", "page": str(folder / "cum-cang-d301122.html")}.items() <= next(
        miss for miss in other["misses"] if miss["field"] == "lead"
    ).items()


def test_an_extractor_that_is_not_installed_is_a_line_beside_the_table() -> None:
    done = eval_("--pages", PAGES / "measured" / "znews", "--beside", "resiliparse", "--rounds", 0)
    assert done.exit_code == 0, done.output
    assert columns(done.stdout, "all congdoan 2")[13] == ""
    is_there = " resiliparse " in done.stdout
    assert done.stderr == ("" if is_there else "resiliparse is not installed: pip install 'congdoan[eval]'\n")


def test_marked_texts_give_a_table_for_movements_and_one_for_figures(tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps(MARKED) + "\n", encoding="utf-8")
    done = eval_(gold, "--misses")
    assert done.exit_code == 0, done.output
    assert columns(done.stdout, "phong_trao") == ["phong_trao", "1", "1", "0", "1.000", "0.500", "0.667"]
    assert columns(done.stdout, "cuoc_van_dong") == ["cuoc_van_dong", "1", "0", "0", "1.000", "1.000", "1.000"]
    assert columns(done.stdout, "money") == ["money", "1", "0", "0", "1.000", "1.000", "1.000", "1 of 1"]
    assert "movements: phong_trao: missed: ba không" in done.stdout
    assert "units right: 2 of 2; traps fallen into: 1 of 2" in done.stdout
    assert columns(done.stdout, "year") == ["year", "1", "0"]
    assert columns(done.stdout, "not said") == ["not said", "1", "1"]
    assert "no figure: not said: 7: 120 tổ sản xuất" in done.stdout
    only = json.loads(eval_("--figures", gold, "--json").stdout)[str(gold)]
    assert "movements" not in only
    assert only["traps"]["by_reason"]["year"] == {"fallen_into": 0, "of": 1}
    assert (only["figures"]["all"]["f1"], only["unit_accuracy"], only["texts"]) == (1.0, 1.0, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give either --pages DIR or GOLD.jsonl files"),
        (("--pages", PAGES, "--figures"), "--movements and --figures go with GOLD.jsonl files"),
        ((__file__, "--expected", PAGES), "--expected and --beside go with --pages"),
    ],
    ids=["nothing", "pages and figures", "gold and expected"],
)
def test_a_call_that_asks_for_two_things_or_none_is_refused(arguments: tuple[object, ...], said: str) -> None:
    done = eval_(*arguments)
    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gold.jsonl", '{"id": "a", "text": "b"}\n', "gold.jsonl:1: lacks movements, figures; CONTRIBUTING.md"),
        ("gold.jsonl", "[]\n", "gold.jsonl:1: no object; CONTRIBUTING.md says what a marked text has"),
        (
            "gold.jsonl",
            '{"id": 1, "text": "b", "movements": [], "figures": [{"surface": "5 tổ", "kind": "count"}]}\n',
            "gold.jsonl:1: figures[0] lacks value, a number; CONTRIBUTING.md",
        ),
        ("gold.jsonl", "{\n", "gold.jsonl:1: no JSON: "),
        ("trang.html", "<p>x", "trang.json: No such file or directory; every page needs one"),
    ],
)
def test_what_cannot_be_measured_is_named_in_one_line(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    asked = ["--pages", tmp_path] if name.endswith(".html") else [tmp_path / name]
    done = called("eval", *asked)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("congdoan: ")
    assert said in line
