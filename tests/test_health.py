"""`congdoan status` says how each site stands, and when a person must look."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from command import called
from cpu_time import is_within
from newsserver import Answer, news_server
from vinhkhe import DAY_1, DAY_2, PROFILE, SITE, Answered, Built, archive, article_page, url_of

from crawler.frontier import Frontier
from crawler.frontier_file import open_frontier
from crawler.health import alarms
from crawler.known import Found
from crawler.notes import Code, Note
from crawler.runlog import RunLog, read_runs, write_run
from crawler.sites import Sites
from pipeline.build import build
from pipeline.cli.crawl import command as crawl_command
from pipeline.cli.refresh import command as refresh_command
from pipeline.health import SPARK_DAYS, SiteHealth, site_healths
from pipeline.overview import Overview
from pipeline.query import open_corpus

DAY_3 = DAY_2 + dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
RUN = RunLog("20260902T030000Z-1", SITE, DAY_2, DAY_2 + dt.timedelta(hours=1), 9, 8, finish_reason="finished")


def health_of(corpus: Path, sites: Sites, now: dt.datetime = DAY_3) -> SiteHealth:
    healths = site_healths(corpus, Overview(open_corpus(corpus)), sites, now)
    return next(health for health in healths if health.site == SITE)


@pytest.fixture
def changing(built: Built, tmp_path: Path) -> Path:
    """A copy of the corpus of two days that a test may add to, with a log of its second run."""
    corpus = tmp_path / "corpus"
    shutil.copytree(built.corpus, corpus, symlinks=True)
    write_run(corpus, RUN)
    return corpus


def sites_of(corpus: Path, more: str = "") -> Sites:
    (corpus / "sites" / f"{SITE}.toml").write_text(PROFILE + more, encoding="utf-8")
    return Sites((corpus / "sites",))


def test_a_healthy_site_shows_what_its_last_run_brought_and_no_alarm(changing: Path) -> None:
    health = health_of(changing, sites_of(changing))
    assert (health.title, health.last_run, health.ended) == ("Tin Vĩnh Khê", DAY_2, "finished")
    assert (health.articles, health.vanished, health.changed) == (12, 1, 1)
    assert health.dropped["gone"] == 1
    assert health.days_since_article == 3.0  # from 09:15 on 31 August to 10:00 on 3 September, in Vietnam
    assert (len(health.daily), sum(health.daily)) == (SPARK_DAYS, 12)
    assert health.sparkline == "·" * 27 + "█··"
    assert health.alarms == ()


def test_the_record_of_a_site_goes_into_json_and_back(changing: Path) -> None:
    record = health_of(changing, sites_of(changing)).record()
    assert json.loads(json.dumps(record)) == record
    assert (record["last_run"], record["alarms"]) == ("2026-09-02T03:00:00+00:00", [])


def test_no_file_of_articles_is_opened_for_it_and_without_their_list_it_is_told_alike(changing: Path) -> None:
    sites, lists = sites_of(changing), changing / "cache"
    months = changing / "tables" / "articles" / f"site={SITE}"
    months.rename(changing / "elsewhere")
    told = health_of(changing, sites)
    (changing / "elsewhere").rename(months)
    shutil.rmtree(lists)
    assert health_of(changing, sites) == told
    assert (told.articles, told.changed) == (12, 1)


# --------------------------------------------------------------------------- redesigns
def redesigned(id_: int) -> bytes:
    """Return an article in a new design: other classes for title and body."""
    page = article_page(id_).replace(b"ten-bai", b"tieu-de-moi").replace(b"than-bai", b"noi-dung-moi")
    return page.replace(b'<h1 class="tieu-de-moi">', b'<div class="tieu-de-moi"><h1>').replace(b"</h1>", b"</h1></div>")


def a_third_day(corpus: Path, sites: Sites, pages: list[bytes], day: dt.datetime = DAY_3) -> None:
    answers = [Answered(url_of(50 + number), page) for number, page in enumerate(pages)]
    archive(corpus, day, answers)
    run_id = f"{day:%Y%m%dT%H%M%SZ}-1"
    write_run(corpus, RunLog(run_id, SITE, day, day + dt.timedelta(hours=1), 9, 8, finish_reason="finished"))
    build(corpus, sites, workers=1)


def test_a_redesign_names_the_selectors_that_broke_and_the_way_out(changing: Path) -> None:
    sites = sites_of(changing)
    a_third_day(changing, sites, [redesigned(50 + number) for number in range(6)])
    title, body = (note.line for note in health_of(changing, sites).alarms)
    assert title.startswith("redesigned? title on 0 of 6 pages by the profile, expected 99%")
    assert "layout 2026: h1.ten-bai matches 0" in title
    assert body.startswith("redesigned? body on 0 of 6 pages by the profile, expected 95%")
    assert "layout 2026: div.than-bai matches 0" in body
    assert "congdoan sites check tin_vinhkhe_vn" in body
    assert "`congdoan build` reads them again" in body


def test_after_mending_the_profile_the_archived_pages_are_read_again_and_all_is_well(changing: Path) -> None:
    a_third_day(changing, sites_of(changing), [redesigned(50 + number) for number in range(6)])
    layout = (
        '[[layouts]]\nname = "moi"\ntitle = [".tieu-de-moi h1"]\nlead = ["p.sa-po"]\nbody = ["div.noi-dung-moi"]\n'
        'published = ["time.ngay::attr(datetime)"]\n'
    )
    mended = sites_of(changing, layout)
    build(changing, mended, workers=1)
    assert health_of(changing, mended).alarms == ()


def test_a_body_that_is_gone_is_told_until_the_pages_are_as_they_were(changing: Path) -> None:
    sites = sites_of(changing)
    pages = [article_page(50 + number) for number in range(6)]
    bodiless = [re.sub(rb'<div class="than-bai">.*?</div>', b'<div id="app"></div>', page) for page in pages]
    a_third_day(changing, sites, pages)
    a_third_day(changing, sites, bodiless, DAY_3 + dt.timedelta(days=1))
    (alarm,) = health_of(changing, sites).alarms
    assert alarm.line.startswith(
        "redesigned? body on 0 of 6 pages by the profile, expected 95% (layout 2026: div.than-bai"
    )
    a_third_day(changing, sites, pages, DAY_3 + dt.timedelta(days=2))
    assert health_of(changing, sites).alarms == ()


def test_the_refresh_that_meets_a_redesign_says_so(tmp_path: Path) -> None:
    order = ["--corpus", str(tmp_path), "--contact", "ban@vinhkhe.vn"]
    pages = [article_page(id_) for id_ in range(5)]
    with news_server() as paper:
        paper.publish(*range(5))
        profile = PROFILE.replace("tin.vinhkhe.vn", paper.host).replace(r"tin\.vinhkhe\.vn", r"[^/]+")
        profile = (
            profile.replace("https:", "http:").replace("doan/", "doan").replace("html'", "ldo'")
            + "[politeness]\ndelay = 0\n"
        )
        (tmp_path / "sites").mkdir()
        (tmp_path / "sites" / f"{SITE}.toml").write_text(profile, encoding="utf-8")
        told = []
        for shown in (pages, [re.sub(rb'<div class="than-bai">.*?</div>', b"<div></div>", page) for page in pages]):
            for id_, page in enumerate(shown):
                paper.answers[f"/cong-doan/bai-{id_}.ldo"] = Answer(page)
            if not told:
                assert CliRunner().invoke(crawl_command, [SITE, *order]).exit_code == 0
            told.append(CliRunner().invoke(refresh_command, ["--recheck-after", "0", "--workers", "1", *order]))
    assert [done.exit_code for done in told] == [0, 0]
    assert "warning" not in told[0].stderr
    assert f"warning: {SITE}: redesigned? body on 0 of 5 pages by the profile" in told[1].stderr


def test_a_few_odd_pages_are_no_redesign(changing: Path) -> None:
    sites = sites_of(changing, "[expected]\ntitle = 0.8\nbody = 0.8\n")
    a_third_day(changing, sites, [article_page(50 + number) for number in range(9)] + [redesigned(59)])
    assert health_of(changing, sites).alarms == ()


# --------------------------------------------------------------------------- silence, failed runs
def test_a_paper_that_has_long_printed_nothing_is_an_alarm_where_the_profile_expects_articles(changing: Path) -> None:
    late = DAY_1 + dt.timedelta(days=20)
    write_run(changing, RunLog("20260921T030000Z-1", SITE, late, late, 9, 8, not_modified=8, finish_reason="finished"))
    assert health_of(changing, sites_of(changing)).alarms == ()
    expecting = sites_of(changing, "[expected]\narticles_a_day = [2, 40]\n")
    (silent,) = health_of(changing, expecting).alarms
    assert silent == Note(Code.SILENT, "no article for 21 days; the profile expects at least 2 a day")


@pytest.mark.parametrize(
    ("every", "late", "said"),
    [
        (dt.timedelta(days=1), dt.timedelta(days=2), []),
        (dt.timedelta(days=1), dt.timedelta(days=9), ["no run has ended for 9 days"]),
        (dt.timedelta(days=7), dt.timedelta(days=9), []),
        (dt.timedelta(days=7), dt.timedelta(days=22), ["no run has ended for 22 days"]),
    ],
)
def test_runs_that_came_by_habit_and_come_no_more_are_an_alarm(
    every: dt.timedelta, late: dt.timedelta, said: list[str], changing: Path
) -> None:
    for number in range(1, 5):
        at = DAY_2 - number * every
        write_run(changing, replace(RUN, run_id=f"{at:%Y%m%dT%H%M%SZ}-1", started_at=at, finished_at=at + HOUR))
    killed = DAY_2 + late - HOUR
    write_run(changing, replace(RUN, run_id="9", started_at=killed, finished_at=None, finish_reason=None))
    alarmed = health_of(changing, sites_of(changing), DAY_2 + HOUR + late).alarms
    assert [note.line.partition(";")[0] for note in alarmed if note.code is Code.OVERDUE] == said


def test_a_site_crawled_by_hand_now_and_then_is_never_overdue(changing: Path) -> None:
    assert health_of(changing, sites_of(changing), DAY_2 + dt.timedelta(days=400)).alarms == ()


@pytest.mark.parametrize(
    ("reason", "notes", "expected"),
    [
        ("unreachable", [(Code.UNREACHABLE, "vinhkhe.vn cannot be reached")], ["vinhkhe.vn cannot be reached"]),
        ("failed", [], ["the last run ended as failed; see crawl.log"]),
        ("finished", [(Code.FORBIDDEN, "3 addresses"), (Code.OVERLONG, "2 addresses")], []),
        ("outside_hours", [(Code.OUTSIDE_HOURS, "at night only")], []),
        ("finished", [(Code.FORBIDDEN, "3 addresses"), (Code.NOTHING, "no article")], ["no article"]),
        ("finished", [(Code.UNCODED, "of an old run log")], ["of an old run log"]),
        ("stopped", [], []),
        (None, [], []),
    ],
)
def test_a_run_alarms_when_it_failed_and_not_for_its_manners(
    reason: str | None, notes: list[tuple[Code, str]], expected: list[str]
) -> None:
    run = RunLog("a", SITE, DAY_1, finish_reason=reason, notes=tuple(Note(*note) for note in notes))
    assert [note.line for note in alarms(run)] == expected


def test_a_run_log_of_before_the_codes_is_read_with_its_lines(tmp_path: Path) -> None:
    write_run(tmp_path, RUN)
    (path,) = (tmp_path / "archive").glob("*/*.run.json")
    values = json.loads(path.read_text(encoding="utf-8"))
    del values["notes"], values["shown"]
    path.write_text(json.dumps(values | {"warnings": ["few leads"]}), encoding="utf-8")
    (run,) = read_runs(tmp_path)
    assert (run.requests, run.notes, run.shown) == (9, (Note(Code.UNCODED, "few leads"),), ())


def test_articles_from_the_future_are_an_alarm_and_no_sign_of_life(changing: Path) -> None:
    sites = sites_of(changing)
    pages = [article_page(50 + number).replace(b"2026-08-", b"2031-08-") for number in range(3)]
    a_third_day(changing, sites, [*pages, article_page(53)])
    health = health_of(changing, sites)
    (alarm,) = health.alarms
    assert alarm.code is Code.UNDATED
    assert alarm.line.startswith("3 of 4 articles of the last run show no date, or one after the day they were fetched")
    assert f"for instance on {url_of(50)[:30]}" in alarm.line
    assert health.days_since_article is not None
    assert health.days_since_article >= 0  # the dates of the future do not count


def test_what_waits_and_what_fails_is_shown_with_the_next_try(changing: Path) -> None:
    with Frontier(changing) as frontier:
        frontier.add(SITE, {id_: Found(url_of(int(id_))) for id_ in ("90", "91", "92")}, DAY_2)
        for _ in range(3):
            frontier.failed(SITE, "91", DAY_2)
    health = health_of(changing, sites_of(changing))
    assert (health.queued, health.failing, health.next_try) == (2, 1, DAY_2 + dt.timedelta(hours=6))
    assert health.record()["next_try"] == "2026-09-02T09:00:00+00:00"


def test_a_frontier_of_200_000_articles_is_no_reason_to_wait(changing: Path) -> None:
    base = open_frontier(changing / "frontier.sqlite")
    base.execute("BEGIN")
    rows = ((SITE, str(id_), url_of(id_), DAY_2.isoformat()) for id_ in range(200_000))
    base.executemany("INSERT INTO articles(site, id, url, first_seen) VALUES (?, ?, ?, ?)", rows)
    base.execute("COMMIT")
    base.close()
    assert health_of(changing, sites_of(changing)).queued == 200_000
    assert is_within(1.0, lambda: health_of(changing, sites_of(changing)))


def test_a_site_without_a_profile_has_its_counts(built: Built) -> None:
    healths = site_healths(built.corpus, Overview(open_corpus(built.corpus)), built.sites, DAY_3)
    other = next(health for health in healths if health.site == "bao_ban_example")
    assert (other.last_run, other.ended, other.new, other.alarms) == (None, None, 0, ())
    assert other.articles >= 1


# --------------------------------------------------------------------------- the command
@pytest.mark.slow
def test_status_exits_1_when_a_site_needs_a_person_and_0_when_none_does(built: Built, changing: Path) -> None:
    alarming = called("status", "--corpus", built.corpus)  # its run warns of few leads
    assert (alarming.returncode, alarming.stderr) == (1, "")
    assert "warning: tin_vinhkhe_vn: few leads" in alarming.stdout
    well = called("status", "--json", "--corpus", changing)
    assert (well.returncode, well.stderr) == (0, "")
    (site,) = [site for site in json.loads(well.stdout) if site["site"] == SITE]
    assert (site["ended"], site["changed"], site["alarms"]) == ("finished", 1, [])
