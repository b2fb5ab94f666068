"""A build works on what is new or stale only, and gives the rows of a build of everything at once, byte for byte."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, NoReturn

import pytest
from vinhkhe import DAY_1, DAY_2, FACTS, PROFILE, SITE, Answered, archive, article_page, page, url_of

from crawler.archive import ArchiveWriter, Exchange
from crawler.sites import Sites
from pipeline import captures, document, making, remaking
from pipeline.build import build, explain
from pipeline.check import problems
from pipeline.document import Quantities
from pipeline.pieces import Piece
from pipeline.plan import StageRefused
from pipeline.query import open_corpus
from pipeline.records import Sentence
from pipeline.snapshots import Snapshot
from pipeline.tables import Partition
from pipeline.versions import Versions, current_versions, profile_version

pytestmark = pytest.mark.slow
OTHER = "bao_ban_example"


class Rules:
    """Rules of some stages that a test changes: each makes other rows, and has a version of its own.

    Workers are forked for each build, so they read pages by the rules that hold when it begins.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.clean = self.annotate = self.movements = self.figures = self.attribute = self.profile = 0
        self._folder = folder
        self._code = current_versions(Sites())  # once: somebody may be at work on it
        annotated, cleaned, attributed = document.annotate, captures.clean_page, document.attribute
        numbers, movements = document.read_quantities, document.read_movements

        def annotate(sentences: Any, **options: Any) -> list[Sentence]:
            return [
                sentence._replace(
                    tokens=tuple(token._replace(pos=f"{token.pos}{self.annotate}") for token in sentence.tokens),
                )
                for sentence in annotated(sentences, **options)
            ]

        def read_quantities(*of: Any, **named: Any) -> Quantities:
            found = numbers(*of, **named)
            figures = tuple(figure for figure in found.figures if figure.start % 3 != self.figures)
            refused = tuple(number for number in found.refused if number.start % 2 != self.figures)
            return found._replace(figures=figures, refused=refused)

        def read_movements(*of: Any, **named: Any) -> Any:
            found = movements(*of, **named)
            return replace(found, movements=tuple(one for one in found.movements if one.start % 3 != self.movements))

        def attribute(text: str, sentences: Any, *others: Any) -> Any:
            found, figures = attributed(text, sentences, *others)
            return found, tuple(figure._replace(role_words=f"{self.attribute}") for figure in figures)

        def clean_page(*of: Any) -> Any:
            article = cleaned(*of)
            return replace(article, section=f"{article.section} {self.clean}")

        monkeypatch.setattr(document, "annotate", annotate)
        for module in (document, remaking):
            for rule in (read_quantities, read_movements, attribute):
                monkeypatch.setattr(module, rule.__name__, rule)
        monkeypatch.setattr(captures, "clean_page", clean_page)

    @property
    def sites(self) -> Sites:
        """The profiles: every second one takes the lead of an article for no part of it."""
        self._folder.mkdir(exist_ok=True)
        profile = PROFILE if self.profile % 2 == 0 else PROFILE.replace('lead = ["p.sa-po"]', "")
        (self._folder / f"{SITE}.toml").write_text(profile, encoding="utf-8")
        return Sites((self._folder,))

    @property
    def versions(self) -> Versions:
        """The versions of the code with these rules."""
        profiles = {site.name: profile_version(site) for site in self.sites}
        own = {stage: f"{getattr(self, stage)}" for stage in ("clean", "annotate", "movements", "figures", "attribute")}
        return replace(self._code, stages={**self._code.stages, **own}, profiles=profiles)

    def build(self, corpus: Path, workers: int = 1) -> Any:
        """Build by these rules."""
        return build(corpus, self.sites, workers=workers, versions=self.versions)


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Rules:
    return Rules(monkeypatch, tmp_path / "profiles")


def files(corpus: Path) -> dict[tuple[str, Partition, Piece], str]:
    """Return the digest of every file, by table and partition."""
    listed = Snapshot.committed(corpus).all_files()
    return {(table, file.partition, file.piece): file.sha256 for table, file in listed}


def at_once(corpus: Path, rules: Rules, workers: int = 2) -> dict[tuple[str, Partition, Piece], str]:
    """Return the files that the whole archive gives when nothing was built before."""
    fresh = corpus.with_name(f"{corpus.name} at once")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(corpus / "archive", fresh / "archive")
    rules.build(fresh, workers)
    return files(fresh)


def refuses(what: str) -> Callable[..., NoReturn]:
    def refused(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError(f"{what} was called")

    return refused


def breaking_on_number_2(read: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return an annotation that breaks on the articles whose title ends in "số 2"."""

    def read_articles(articles: Any, stored: Any) -> Any:
        if any(article.title.endswith("số 2") for article in articles):
            raise ZeroDivisionError
        return read(articles, stored)

    return read_articles


def small_corpus(corpus: Path) -> None:
    """Two sites, one of them without a profile; an edit, one article gone, one page that is none."""
    archive(corpus, DAY_1, [Answered(url_of(id_), article_page(id_)) for id_ in (1, 2, 3)])
    others = [
        Answered(f"https://bao-ban.example/tin/{id_}.html", page(f"Tin của bạn số {id_}", FACTS[id_ : id_ + 4]))
        for id_ in (1, 2)
    ]
    archive(corpus, DAY_1, [*others, Answered("https://tin.vinhkhe.vn/cong-doan/", b"<h1>Tin</h1>")], run="ban")
    edited = article_page(2, "Tin thêm: tổ nhận 12 triệu đồng tiền thưởng.")
    archive(corpus, DAY_2, [Answered(url_of(2), edited), Answered(url_of(3), status=404)])


def built_small(folder: Path, rules: Rules) -> Path:
    """Build the small corpus in a folder and return it."""
    small_corpus(folder / "corpus")
    rules.build(folder / "corpus")
    return folder / "corpus"


# --------------------------------------------------------------------------- one stage at a time
def test_changed_rules_of_figures_read_stored_sentences_and_neither_pages_nor_movements(
    tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = built_small(tmp_path, rules)
    before = files(corpus)
    rules.figures = 1
    with monkeypatch.context() as nothing_else:
        nothing_else.setattr(captures, "parse_html", refuses("the parser"))
        nothing_else.setattr(making, "read_articles", refuses("annotation"))
        nothing_else.setattr(remaking, "read_movements", refuses("reading movements"))
        report = rules.build(corpus)
    assert (report.captures, report.new_articles, report.new_revisions, report.made_again) == (0, 0, 0, 5)
    after = files(corpus)
    assert after == at_once(corpus, rules)
    changed = {place[0] for place, digest in before.items() if digest != after.get(place)}
    assert changed == {"articles", "figures", "refused_numbers"}  # articles say which versions made them
    assert list(problems(open_corpus(corpus))) == []


def test_changed_rules_of_movements_read_figures_only_where_other_movements_come_out(
    tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = built_small(tmp_path, rules)
    before = files(corpus)
    with monkeypatch.context() as nothing_else:
        nothing_else.setattr(remaking, "read_quantities", refuses("reading figures"))
        versions = replace(rules.versions, stages={**rules.versions.stages, "movements": "the same in other words"})
        report = build(corpus, rules.sites, workers=1, versions=versions)
    assert (report.captures, report.made_again) == (0, 5)
    after = files(corpus)
    changed = {place[0] for place, digest in before.items() if digest != after.get(place)}
    assert changed == {"articles"}
    rules.movements = 1
    assert rules.build(corpus).made_again == 5
    assert files(corpus) == at_once(corpus, rules)
    assert files(corpus).items() != before.items()


def test_changed_rules_of_attribution_attribute_all_movements_and_figures_again(tmp_path: Path, rules: Rules) -> None:
    corpus = built_small(tmp_path, rules)
    rules.attribute = 1
    assert rules.build(corpus).made_again == 5
    assert open_corpus(corpus).sql("SELECT DISTINCT role_words FROM figures").fetchall() == [("1",)]
    assert files(corpus) == at_once(corpus, rules)


def test_an_article_whose_figures_cannot_be_read_again_is_read_from_its_page(
    tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = built_small(tmp_path, rules)
    rules.figures = 1
    with monkeypatch.context() as broken:
        broken.setattr(remaking, "remade", refuses("reading again"))
        broken.setattr(making, "remade", refuses("reading again"))
        assert rules.build(corpus).failed == 0
    assert files(corpus) == at_once(corpus, rules)


def test_changed_annotation_reads_the_text_and_no_page(
    tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = built_small(tmp_path, rules)
    rules.annotate = 1
    with monkeypatch.context() as nothing_else:
        nothing_else.setattr(captures, "parse_html", refuses("the parser"))
        report = rules.build(corpus)
    assert (report.captures, report.made_again) == (0, 5)
    assert open_corpus(corpus).sql("SELECT DISTINCT pos[1][-1:] FROM sentences").fetchall() == [("1",)]
    assert files(corpus) == at_once(corpus, rules)


def test_a_changed_profile_reads_its_own_site_anew_and_no_other(
    tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = built_small(tmp_path, rules)
    before = files(corpus)
    rules.profile = 1
    parsed = captures.parse_html

    def parse_own(body: bytes, url: str, *others: Any, **named: Any) -> Any:
        assert "tin.vinhkhe.vn" in url
        return parsed(body, url, *others, **named)

    with monkeypatch.context() as of_the_site:
        of_the_site.setattr(captures, "parse_html", parse_own)
        report = rules.build(corpus)
    assert (report.captures, report.failed, report.new_articles) == (6, 0, 3)
    after = files(corpus)
    assert after == at_once(corpus, rules)
    assert all(before[place] == after[place] for place in before if place[1].site == OTHER)
    assert open_corpus(corpus).articles(site=SITE)["lead"].isna().all()


def test_a_changed_rule_of_cleaning_reads_the_whole_archive(tmp_path: Path, rules: Rules) -> None:
    corpus = built_small(tmp_path, rules)
    rules.clean = 1
    assert rules.build(corpus).captures == 8
    assert files(corpus) == at_once(corpus, rules)


def test_a_site_that_gets_its_first_profile_takes_its_captures_along(tmp_path: Path, rules: Rules) -> None:
    corpus = tmp_path / "corpus"
    small_corpus(corpus)
    now = current_versions(Sites())
    build(corpus, Sites(), workers=1, versions=now)
    assert open_corpus(corpus).articles()["layout"].str.startswith(SITE).sum() == 0
    report = build(corpus, rules.sites, workers=1)
    assert report.captures == 6
    assert open_corpus(corpus).articles(site=SITE)["layout"].unique().tolist() == [f"{SITE}/2026"]
    fresh = tmp_path / "fresh"
    shutil.copytree(corpus / "archive", fresh / "archive")
    build(fresh, rules.sites, workers=1)
    assert files(corpus) == files(fresh)


def test_an_article_that_could_not_be_annotated_is_tried_again_when_annotation_changes(
    tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = tmp_path / "corpus"
    small_corpus(corpus)
    with monkeypatch.context() as broken:
        broken.setattr(making, "read_articles", breaking_on_number_2(making.read_articles))
        assert rules.build(corpus).failed == 3  # both editions of the one, and the article of the other site
        failing = files(corpus)
        assert failing == at_once(corpus, rules)
    assert set(open_corpus(corpus).articles()["source_id"]) == {"1", "3", "/tin/1.html"}
    rules.annotate = 1
    assert rules.build(corpus).failed == 0
    assert files(corpus) == at_once(corpus, rules)
    with monkeypatch.context() as broken:  # and a known article that cannot be read any more
        broken.setattr(making, "read_articles", breaking_on_number_2(making.read_articles))
        rules.annotate = 2
        assert rules.build(corpus).failed == 3
        assert files(corpus) == at_once(corpus, rules)


def test_one_stage_alone_leaves_new_captures_and_other_stages_for_later(tmp_path: Path, rules: Rules) -> None:
    corpus = tmp_path / "corpus"
    small_corpus(corpus)
    with pytest.raises(StageRefused, match="extract alone cannot be built: nothing is built yet; build without --only"):
        build(corpus, rules.sites, versions=rules.versions, only="extract")
    rules.build(corpus)
    archive(corpus, DAY_2 + dt.timedelta(days=1), [Answered(url_of(9), article_page(9))])
    rules.figures, rules.annotate, rules.profile = 1, 1, 1
    report = build(corpus, rules.sites, workers=1, versions=rules.versions, only="extract")
    assert (report.captures, report.made_again) == (0, 5)
    tags = open_corpus(corpus).sql("SELECT DISTINCT pos[1][-1:] FROM sentences").fetchall()
    assert tags == [("0",)]
    assert build(corpus, rules.sites, versions=rules.versions, only="extract").nothing_to_do
    rules.movements = 1
    with pytest.raises(StageRefused, match="figures alone cannot be built: movements changed; use --only extract"):
        build(corpus, rules.sites, versions=rules.versions, only="figures")
    assert not build(corpus, rules.sites, workers=1, versions=rules.versions).nothing_to_do
    assert files(corpus) == at_once(corpus, rules)
    rules.clean = 1
    with pytest.raises(StageRefused, match="clean changed"):
        build(corpus, rules.sites, versions=rules.versions, only="annotate")


# --------------------------------------------------------------------------- why
def test_explain_says_what_would_run_and_why(tmp_path: Path, rules: Rules) -> None:
    corpus = tmp_path / "corpus"
    small_corpus(corpus)
    assert explain(corpus, rules.sites) == ["read the whole archive (3 files): nothing is built yet"]
    build(corpus, rules.sites, workers=1)
    assert explain(corpus, rules.sites) == []
    archive(corpus, DAY_2 + dt.timedelta(days=1), [Answered(url_of(9), article_page(9))])
    rules.profile = 1
    assert explain(corpus, rules.sites) == [
        f"read {SITE} anew: its profile changed",
        f"read archive/{SITE}/20260903T030000-run-00000.warc.gz: it is new",
    ]
    build(corpus, rules.sites, workers=1)
    plan_of_code = rules.versions
    named = {**plan_of_code.sources, "figures": {**plan_of_code.sources["figures"], "figures/units.py": "0"}}
    from pipeline.plan import plan_build

    assert list(plan_build(corpus, rules.sites, replace(current_versions(rules.sites), sources=named)).reasons()) == []
    stages = {**current_versions(rules.sites).stages, "figures": "changed"}
    changed = replace(plan_of_code, stages=stages, sources=named)
    assert list(plan_build(corpus, rules.sites, changed).reasons()) == [
        "read the figures of 6 articles again in their stored sentences: figures changed (figures/units.py)"
    ]
    stages["attribute"] = "changed"
    assert list(plan_build(corpus, rules.sites, replace(changed, stages=stages)).reasons()) == [
        "extract 6 articles again from their stored sentences: figures and attribute changed (figures/units.py)"
    ]


# --------------------------------------------------------------------------- any order of builds
def news_of_six_days(corpus: Path, random: Random) -> None:
    """Write runs of both sites with edits, articles gone, unchanged, led elsewhere, back, and months that change."""
    for day in range(6):
        at = DAY_1 + dt.timedelta(days=day)
        answers = [answer for id_ in random.sample(range(1, 9), 5) for answer in answers_of(id_, random)]
        archive(corpus, at, answers)
        with ArchiveWriter(corpus, SITE, f"{at:%Y%m%dT%H%M%S}-unchanged") as writer:
            for id_ in random.sample(range(1, 9), 2):
                writer.write_not_modified(Exchange(url_of(id_), at + dt.timedelta(hours=2)))
        others = [
            Answered(
                f"https://bao-ban.example/tin/{id_}.html", page(f"Tin của bạn số {id_}", FACTS[id_ : id_ + 4 + day % 2])
            )
            for id_ in random.sample(range(1, 5), 2)
        ]
        archive(corpus, at + dt.timedelta(hours=3), others, run="ban")


def answers_of(id_: int, random: Random) -> Iterator[Answered]:
    kind = random.choice(["as it was", "as it was", "edited", "gone", "elsewhere", "other month", "no article"])
    if kind == "as it was":
        yield Answered(url_of(id_), article_page(id_))
    elif kind == "edited":
        yield Answered(
            url_of(id_), article_page(id_, f"Tin thêm: tổ nhận {random.randint(2, 9)} triệu đồng tiền thưởng.")
        )
    elif kind == "gone":
        yield Answered(url_of(id_), status=404)
    elif kind == "elsewhere":
        yield Answered(url_of(id_), status=301, location="/")
    elif kind == "other month":
        yield Answered(url_of(id_), page(f"Bài số {id_}", FACTS[id_ : id_ + 4], published="2026-09-01T05:00:00+07:00"))
    else:
        yield Answered(url_of(id_), b"")


@pytest.mark.parametrize("seed", range(4))
def test_the_rows_are_the_same_however_the_builds_came_about(tmp_path: Path, rules: Rules, seed: int) -> None:
    random = Random(seed)
    whole, corpus = tmp_path / "whole", tmp_path / "corpus"
    news_of_six_days(whole, random)
    runs = sorted(whole.glob("archive/*/*.warc.gz"))
    if seed % 2:
        random.shuffle(runs)  # captures come in late, as from other collectors
    while runs:
        for _ in range(random.randint(1, 6)):
            if runs:
                run = runs.pop(0)
                target = corpus / run.relative_to(whole)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(run, target)
        stage = random.choice(["annotate", "movements", "figures", "attribute", "profile", "clean", "none"])
        if stage != "none":
            setattr(rules, stage, random.randint(0, 2))
        rules.build(corpus, workers=random.choice([1, 2]))
    assert files(corpus) == at_once(corpus, rules, workers=3)
    assert list(problems(open_corpus(corpus))) == []
    assert rules.build(corpus).nothing_to_do
