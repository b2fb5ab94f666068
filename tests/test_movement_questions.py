"""How often, when, where and with what a movement is reported; which movements the registry does not know yet."""

from __future__ import annotations

import json
import tomllib

import pandas as pd
import pytest
from click.testing import CliRunner
from command import called
from vinhkhe import SITE, Built

from pipeline.cli import congdoan
from pipeline.movements.proposal import proposed_entry, proposed_id
from pipeline.movements.registry import read_registry
from pipeline.query import Corpus, QueryRefused

MEAL, SEAMS, GREEN = "bua-com-cong-doan", "x-afb180f6f4aa", "x-3cc592d42ce3"


def counted(frame: pd.DataFrame, *groups: str) -> dict[tuple[object, ...], int]:
    columns = [*groups, "movement_id"]
    return {tuple(row): articles for *row, articles in frame[[*columns, "articles"]].itertuples(index=False)}


def test_reports_are_counted_by_month(corpus: Corpus) -> None:
    assert counted(corpus.movements(by="month"), "month") == {
        ("2026-08", MEAL): 5,
        ("2026-08", GREEN): 4,
        ("2026-08", SEAMS): 4,
        ("2026-09", MEAL): 1,
        ("2026-09", GREEN): 1,
        ("2026-09", SEAMS): 1,
    }


def test_a_reprint_counts_once_on_request(corpus: Corpus) -> None:
    # the article of 2 September is a reprint of one of August
    counts = corpus.movements(by="month", reprints=False)
    assert set(counts["month"]) == {"2026-08"}
    assert len(corpus.movements()) - len(corpus.movements(reprints=False)) == 3
    assert corpus.movements_together(reprints=False)["articles"].max() == 4


def test_reports_are_counted_by_several_groups_of_a_part(corpus: Corpus) -> None:
    counts = corpus.movements(by=["site", "kind"], site=SITE)
    assert counted(counts, "site", "kind") == {
        (SITE, "chuong_trinh", MEAL): 4,
        (SITE, "cuoc_van_dong", GREEN): 3,
        (SITE, "phong_trao", SEAMS): 3,
    }
    assert counted(corpus.movements(by="year", kind="phong_trao"), "year") == {("2026", SEAMS): 5}


def test_an_article_whose_place_is_unknown_is_of_no_province(corpus: Corpus) -> None:
    counts = corpus.movements(by="province")
    assert counts["province"].isna().all()
    assert counts["mentions"].sum() == len(corpus.movements())


def test_a_movement_was_first_and_last_seen_in_vietnamese_time(corpus: Corpus) -> None:
    seen = corpus.movement_counts().set_index("movement_id").loc[MEAL]
    assert (str(seen["first_seen"]), str(seen["last_seen"])) == (
        "2026-08-25 08:30:00+07:00",
        "2026-09-02 07:00:00+07:00",
    )
    assert (seen["mentions"], seen["articles"], seen["sites"]) == (6, 6, 3)


def test_movements_of_one_article_are_pairs(corpus: Corpus) -> None:
    pairs = corpus.movements_together()
    assert pairs[["movement_id", "with_id", "articles"]].values.tolist() == [
        [GREEN, SEAMS, 5],
        [MEAL, GREEN, 2],
        [MEAL, SEAMS, 2],
    ]
    assert pairs["jaccard"].tolist() == [1.0, 2 / 9, 2 / 9]
    assert len(corpus.movements_together(min_articles=3)) == 1


def test_an_answer_without_rows_has_its_columns(corpus: Corpus) -> None:
    counts = corpus.movements(by="month", site="bao-khac")
    assert [*counts.columns] == [*corpus.movements(by="month").columns]
    assert counts["mentions"].sum() == 0
    assert [*corpus.movements_together(min_articles=99).columns] == [*corpus.movements_together().columns]
    assert [*corpus.new_movements(min_articles=99).columns] == [*corpus.new_movements().columns]
    assert "value" in corpus.figures(site="bao-khac", reprints=False)


def test_an_unknown_group_or_column_is_refused(corpus: Corpus) -> None:
    with pytest.raises(QueryRefused, match="not counted by 'week', but by year, month"):
        corpus.movements(by="week")
    with pytest.raises(QueryRefused, match="no column 'trang'"):
        corpus.movements(by="month", trang="1")


def test_what_the_registry_does_not_know_is_listed_by_articles_and_sites(corpus: Corpus) -> None:
    new = corpus.new_movements()
    assert new[["movement_id", "articles", "sites"]].values.tolist() == [[GREEN, 4, 2], [SEAMS, 4, 2]]
    assert new["name"].tolist() == ["Mỗi tổ một việc xanh", "Chuyền may không lỗi"]
    assert len(corpus.new_movements(min_articles=5)) == 0


def run(*arguments: str) -> str:
    done = CliRunner().invoke(congdoan, ["movements", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_lines_to_paste_are_entries_of_the_registry(built: Built) -> None:
    registry = read_registry(run("new", "--toml", "--corpus", str(built.corpus)))
    entry = registry["chuyen-may-khong-loi"]
    assert (entry.name, entry.kind, entry.unsure) == ("Chuyền may không lỗi", "phong_trao", True)
    assert entry.source == "https://bao-ban.example/tin/32.html"


def test_new_says_how_many_articles_and_sites_print_a_name(built: Built) -> None:
    printed = run("new", "--limit", "1", "--corpus", str(built.corpus))
    assert "Mỗi tổ một việc xanh: 4 articles, 2 sites, 4 mentions; x-3cc592d42ce3" in printed
    (row, _) = json.loads(run("new", "--json", "--corpus", str(built.corpus)))
    assert tomllib.loads(row["toml"])["movement"][0]["name"] == row["name"]


def test_spellings_that_are_compared_alike_are_no_aliases() -> None:
    entry = proposed_entry("Giữ máy sạch", "phong_trao", ["GIỮ MÁY SẠCH", "Giữ máy thật sạch"], "https://a.example/1")
    assert tomllib.loads(entry)["movement"][0]["aliases"] == ["Giữ máy thật sạch"]
    assert proposed_id("“Giữ máy sạch - Đỡ đần nhau” 5 năm") == "giu-may-sach-do-dan-nhau-5-nam"
    assert len(proposed_id("Mỗi đoàn viên một sáng kiến, mỗi tổ một công trình, mỗi ca một niềm vui")) <= 45


def test_a_name_with_quotes_and_backslashes_is_still_toml() -> None:
    name = 'Giữ "máy\\ca" sạch\u0007'
    assert tomllib.loads(proposed_entry(name, "khac", [], "x"))["movement"][0]["name"] == name


def test_a_movement_is_shown_by_any_spelling_with_its_reports(built: Built) -> None:
    shown = json.loads(run("show", "BỮA CƠM CĐ", "--json", "--corpus", str(built.corpus)))
    assert (shown["movement_id"], shown["name"]) == (MEAL, "Bữa cơm Công đoàn")
    assert [(row["site"], row["articles"]) for row in shown["reports"]["site"]] == [
        ("bao_ban_example", 1),
        ("imported", 1),
        (SITE, 4),
    ]
    assert "Bữa cơm Công đoàn" in run("show", MEAL, "--corpus", "no/such/corpus")


def test_movements_are_listed_by_words_without_marks() -> None:
    found = json.loads(run("list", "thang", "cong nhan", "--json"))
    assert "thang-cong-nhan" in [entry["movement_id"] for entry in found]
    assert all(entry["kind"] == "khac" for entry in json.loads(run("list", "--kind", "khac", "--json")))


def test_a_movement_that_is_none_is_one_line_and_a_wrong_call() -> None:
    done = called("movements", "show", "Không có phong trào này")
    assert done.returncode == 2
    assert "is no movement of the registry; `congdoan movements list`" in done.stderr
