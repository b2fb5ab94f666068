"""An edited article has the same rows whether its sentences are tagged again or taken over from the stored ones."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vinhkhe import DAY_1, DAY_2, FACTS, Answered, archive, article_page, url_of, write_profile

from crawler.sites import Sites
from pipeline.build import build
from pipeline.commits import Staging
from pipeline.derived import derived_tables
from pipeline.document import analyze, read_articles
from pipeline.plan import plan_build
from pipeline.query import open_corpus
from pipeline.records import Article, Document, Sentence
from pipeline.stored_sentences import packed_sentences, sentences_of
from pipeline.tables import arrow_schema, unpacked
from pipeline.versions import Versions, current_versions

WHOSE = "Học tiếng SKE, người SKE, điện thoại SKE, xe SKE."  # "người SKE" is a name of the tagger's
CALLED = "Công ty Cổ phần Sông Khê Điện (gọi tắt là SKE) thưởng tổ Anh Đào."
LINES = (
    *FACTS[:8],
    "LĐLĐ tỉnh họp. Chị Hiền kể: “Tôi nhận 2 triệu đồng.” LĐLĐ tỉnh họp.",
    CALLED,
    WHOSE,
    "SKE thưởng bà Lê Thị Hiền, Chủ tịch Công đoàn SKE; tổ dạy tiếng Anh.",
    "Giải Sao Mai và xe Honda Vision của anh Tư đến 6h30 sáng.",
    "  “LĐLĐ tỉnh” – hoà giải 3m2…  ",
)
PLACES = (None, "Hà Tĩnh", "Ninh Khê")
DAY = dt.datetime(2026, 9, 1, 3, 0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Told:
    """What rows repeat of their article."""

    article_id: str = "a"
    site: str = "tin"
    published_at: dt.datetime = DAY
    province: str | None = None


def article(lines: Sequence[str], place: str | None) -> Article:
    read = analyze("Tin trong ngày\n" + "\n".join(FACTS[:2])).article
    return replace(read, text="\n".join(lines), place=place, published_at=DAY)


def stored(document: Document) -> tuple[Sentence, ...]:
    """Return the sentences of a document as the tables give them back."""
    (tables,) = derived_tables([Told()], [document], ["sentences"])
    rows = unpacked(arrow_schema("sentences"), [tables["sentences"]])
    (sentences,) = sentences_of([packed_sentences(rows)["a"]])
    return sentences


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from(LINES), min_size=1, max_size=8),
    st.lists(st.sampled_from(LINES), max_size=3),
    st.randoms(use_true_random=False),
    st.sampled_from(PLACES),
    st.sampled_from(PLACES),
)
def test_lines_kept_moved_repeated_and_new_read_as_if_all_were_new(
    lines: list[str], more: list[str], random: object, place: str | None, other: str | None
) -> None:
    (before,) = read_articles([article(lines, place)])
    after = [*lines[1:], *more, lines[0]]
    random.shuffle(after)  # type: ignore[attr-defined]
    edited = article(after, other)
    assert read_articles([edited], [stored(before)]) == read_articles([edited])


@pytest.mark.parametrize(("before", "after"), [([CALLED, WHOSE], [WHOSE]), ([WHOSE], [CALLED, WHOSE])])
def test_a_name_of_the_taggers_comes_and_goes_with_the_abbreviation_that_hides_it(
    before: list[str], after: list[str]
) -> None:
    (known,) = read_articles([article(before, None)])
    edited = article(after, None)
    assert read_articles([edited], [stored(known)]) == read_articles([edited])


def test_what_the_tables_give_back_of_a_sentence_is_what_was_tagged() -> None:
    (document,) = read_articles([article(LINES, None)])
    given_back = stored(document)
    assert [one.tokens for one in given_back] == [one.tokens for one in document.sentences]
    assert [one.text for one in given_back] == [one.text for one in document.sentences]


def edited_corpus(corpus: Path, sites: Sites, versions: Versions) -> None:
    """Build an article whose stored words are then others than any tagger gives, and archive an edit of it."""
    archive(corpus, DAY_1, [Answered(url_of(1), article_page(1))])
    build(corpus, sites, workers=1, versions=versions)
    plan = plan_build(corpus, sites, versions)
    with Staging(plan.base) as staging:
        (partition,) = staging.partitions("sentences")
        rows = staging.read("sentences", partition)
        at = rows.schema.get_field_index("pos")
        marked = pa.array([["!" for _ in own] for own in rows["pos"].to_pylist()], rows.schema.field(at).type)
        staging.put("sentences", partition, rows.set_column(at, rows.schema.field(at), marked))
        staging.commit(plan.committed.manifest)
    archive(corpus, DAY_2, [Answered(url_of(1), article_page(1, "Tổ nhận thêm 3 triệu đồng."))])


@pytest.mark.parametrize("same", [True, False])
def test_words_are_taken_over_where_the_rules_of_now_gave_them_and_else_not(tmp_path: Path, same: bool) -> None:
    sites = Sites((write_profile(tmp_path / "profiles"),))
    now = current_versions(sites)
    versions = now if same else replace(now, stages={**now.stages, "annotate": "older"})
    corpus = tmp_path / "corpus"
    edited_corpus(corpus, sites, versions)
    build(corpus, sites, workers=1, versions=now)
    rows = open_corpus(corpus).arrow("sentences").to_pylist()
    taken = ["!" in row["pos"] for row in rows]
    assert taken == [same] * (len(rows) - 1) + [False]


def test_rows_say_which_rules_annotated_them() -> None:
    now = current_versions(Sites(()))
    made_by = json.loads(now.of_site("tin"))
    assert now.annotate_as(json.dumps({**made_by, "figures": "older"}))
    assert not now.annotate_as(json.dumps({**made_by, "models": "underthesea 1"}))
    assert not now.annotate_as("{}")
