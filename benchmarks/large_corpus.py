"""A corpus of any size for the benchmarks of reading: tables that `congdoan check` finds whole, and their archive.

Articles are drawn from 2,000 sentences of their own making, every seventh with a figure, every fourteenth with a
movement, every seventh with a number that is none. Tables are put together column by column: 200,000 articles with
3,000,000 sentences take about a minute. The archive holds a page of few bytes for each, so that a build finds nothing
to do, and nothing of it is ever read again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from crawler.archive import Archived, ArchiveWriter, Exchange
from crawler.sites import Sites
from pipeline.commits import Staging
from pipeline.plan import plan_build
from pipeline.rows import registry_rows
from pipeline.snapshots import Snapshot
from pipeline.tables import WHOLE, Partition, arrow_schema, to_arrow

SENTENCES = 15  # an article, its title the first
POOL = 2_000
_SYLLABLES = "công đoàn viên thi đua lao động sản xuất xưởng may tổ ca máy nhà trọ quà tết học bổng an toàn vệ sinh"
_MOVEMENT, _FIGURE, _REFUSED = 0, 1, 2  # what a sentence of the pool has, by its number modulo 14 or 7
WRITTEN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_HEADERS = [("Content-Type", "text/html; charset=utf-8")]


@dataclass(frozen=True)
class Pool:
    """Sentences, and what of them is the same in whatever article they stand."""

    texts: list[str]
    surfaces: dict[str, list[tuple[int, str]]]  # by table: where it begins in the sentence, and the words

    @classmethod
    def made(cls) -> Pool:
        """Make the same sentences each time."""
        dice = random.Random(0)  # noqa: S311
        texts, surfaces = [], {}
        for number in range(POOL):
            words = " ".join(dice.choices(_SYLLABLES.split(), k=dice.randint(12, 24)))
            texts.append(f"{words} trao {number + 1000} suất quà, năm 2025, theo phong trào “Máy sạch {number}”.")
        for table, marked in (("movements", "Máy sạch {}"), ("figures", "{} suất quà"), ("refused_numbers", "2025")):
            found = [marked.format(number if table == "movements" else number + 1000) for number in range(POOL)]
            surfaces[table] = [(text.index(surface), surface) for text, surface in zip(texts, found, strict=True)]
        return cls(texts, surfaces)

    @cached_property
    def sentences(self) -> pa.Table:
        """The columns of `sentences` that do not depend on the article, one row a sentence of the pool."""
        schema = arrow_schema("sentences")
        tokens = [text.split() for text in self.texts]
        return pa.table(
            {
                "text": self.texts,
                "tokens": pa.array(tokens, schema.field("tokens").type),
                "pos": pa.array([["N"] * len(some) for some in tokens], schema.field("pos").type),
                "entities": pa.array([[] for _ in tokens], schema.field("entities").type),
            }
        )

    @cached_property
    def lengths(self) -> np.ndarray:
        """Characters of each sentence."""
        return np.array([len(text) for text in self.texts])


def _has(table: str, numbers: np.ndarray) -> np.ndarray:
    """Whether sentences of the pool have a row of a table of passages."""
    if table == "movements":
        return numbers % 14 == _MOVEMENT
    return numbers % 7 == (_FIGURE if table == "figures" else _REFUSED)


def filled(table: str, rows: int, columns: dict[str, Any]) -> pa.Table:
    """Return rows of a table: the columns given, and the others null, or 0, "" or [] where they must not be."""
    schema = arrow_schema(table)

    def column(field: pa.Field) -> pa.Array:
        if field.name in columns:
            given = columns[field.name]
            given = given.combine_chunks() if isinstance(given, pa.ChunkedArray) else given
            return given.cast(field.type) if isinstance(given, pa.Array) else pa.array(given, field.type)
        if field.nullable:
            return pa.nulls(rows, field.type)
        empty: Any = [] if pa.types.is_list(field.type) else "" if pa.types.is_string(field.type) else 0
        return pa.array([empty] * rows, field.type)

    return pa.Table.from_arrays([column(field) for field in schema], schema=schema)


def rows_of_month(
    pool: Pool, partition: Partition, first: int, captures: Sequence[Archived]
) -> Iterator[tuple[str, pa.Table]]:
    """Yield the tables of a month of a site; its articles are numbered from `first` on.

    Args:
        captures: where the articles' pages are archived.
    """
    articles, dice = len(captures), np.random.default_rng(first)
    numbers = dice.integers(0, POOL, (articles, SENTENCES))
    titles = [f"Bài {first + count:08}" for count in range(articles)]
    chosen = [[pool.texts[number] for number in row] for row in numbers[:, 1:]]
    texts = ["\n".join([title, *some]) for title, some in zip(titles, chosen, strict=True)]
    ids = [f"{first + count:016x}" for count in range(articles)]
    at = dt.datetime.fromisoformat(f"{partition.month}-02T02:00:00+00:00")
    times = [at + dt.timedelta(minutes=count % 30_000) for count in range(articles)]
    digests = [hashlib.sha256(id_.encode()).hexdigest() for id_ in ids]
    of_article = {
        "article_id": ids,
        "revision": [1] * articles,
        "site": [partition.site] * articles,
        "source_id": [str(first + count) for count in range(articles)],
        "url": [f"https://{partition.site.replace('_', '.')}/bai-{first + count}.html" for count in range(articles)],
        "title": titles,
        "text": texts,
        "published_at": times,
        "first_seen_at": times,
        "fetched_at": times,
        "digest": digests,
        "n_words": [300] * articles,
        "layout": ["2025"] * articles,
        "kind": ["article"] * articles,
        "province": [f"34-{1 + (first + count) % 34:02}" for count in range(articles)],
        "capture_file": [capture.file for capture in captures],
        "capture_offset": [capture.offset for capture in captures],
        "origin": ["{}"] * articles,
        "stage_versions": ["{}"] * articles,
    }
    yield "articles", filled("articles", articles, of_article)
    yield (
        "revisions",
        filled(
            "revisions",
            articles,
            {name: of_article[name] for name in of_article if name in arrow_schema("revisions").names},
        ),
    )
    lengths = pool.lengths[numbers]
    lengths[:, 0] = [len(title) for title in titles]
    starts = np.cumsum(lengths + 1, axis=1) - lengths - 1
    flat, start = numbers.ravel(), starts.ravel()
    owner = np.repeat(np.arange(articles), SENTENCES)
    number = np.tile(np.arange(SENTENCES), articles)
    said = pool.sentences.take(pa.array(flat))
    body = number > 0
    id_column, time_column = pa.array(ids), pa.array(times, pa.timestamp("us", tz="UTC"))
    text_column = said["text"].to_pylist()
    for row in range(articles):
        text_column[row * SENTENCES] = titles[row]
    yield (
        "sentences",
        filled(
            "sentences",
            len(flat),
            {
                "article_id": id_column.take(pa.array(owner)),
                "site": [partition.site] * len(flat),
                "sentence": number,
                "start": start,
                "end": start + lengths.ravel(),
                **{name: said[name] for name in ("tokens", "pos", "entities")},
                "text": text_column,
            },
        ),
    )
    for table, places in pool.surfaces.items():
        hits = np.flatnonzero(body & _has(table, flat))
        some = [places[at] for at in flat[hits]]
        begin = start[hits] + np.array([offset for offset, _ in some], dtype=int)
        columns = {
            "article_id": id_column.take(pa.array(owner[hits])),
            "site": [partition.site] * len(hits),
            "published_at": time_column.take(pa.array(owner[hits])),
            "province": pa.array(of_article["province"]).take(pa.array(owner[hits])),
            "sentence": number[hits],
            "sentence_text": said["text"].take(pa.array(hits)),
            "surface": [surface for _, surface in some],
            "start": begin,
            "end": begin + np.array([len(surface) for _, surface in some], dtype=int),
        }
        own: dict[str, Any] = {"reason": ["year"] * len(hits)}
        if table == "movements":
            own = {
                "name": columns["surface"],
                "movement_id": [f"x-{at}" for at in flat[hits]],
                "kind": ["phong_trao"] * len(hits),
            }
        elif table == "figures":
            own = {
                "value": (flat[hits] + 1000).astype(float),
                "kind": ["count"] * len(hits),
                "unit": ["suất quà"] * len(hits),
                "bound_kind": ["exactly"] * len(hits),
            }
        yield table, filled(table, len(hits), {**columns, **own})


def write_corpus(corpus: Path, sites: Sites, partitions: int, articles: int, sites_count: int) -> Snapshot:
    """Fabricate a corpus of about so many articles in so many months of sites, with its archive, and commit it."""
    pool = Pool.made()
    per_month = max(1, round(articles / partitions))
    months_a_site = -(-partitions // sites_count)
    plan = plan_build(corpus, sites)
    read_to: dict[str, dict[str, int]] = {}
    number = 0
    with Staging(plan.base) as staging:
        staging.put("movement_registry", WHOLE, to_arrow("movement_registry", registry_rows()))
        for place in range(sites_count):
            site = f"bao_{place:05}_example"
            with ArchiveWriter(corpus, site, "20260101T000000-run") as writer:
                for month in range(min(months_a_site, partitions - place * months_a_site)):
                    partition = Partition(site, f"{2025 - month // 12}-{12 - month % 12:02}")
                    stored = []
                    for count in range(per_month):
                        url = f"https://{site.replace('_', '.')}/bai-{number + count}.html"
                        stored.append(writer.write_response(Exchange(url, WRITTEN, headers=_HEADERS), b"<p>"))
                    read_to.update({each.file: {"offset": each.offset} for each in stored})
                    for table, data in rows_of_month(pool, partition, number, stored):
                        staging.put(table, partition, data)
                    staging.forget(partition)
                    number += per_month
        for file, to in read_to.items():
            to["size"] = (corpus / file).stat().st_size
        manifest = {**plan.manifest(plan.unread(), {}, {}), "read_to": read_to}
        return staging.commit(manifest)


def add_article(corpus: Path, number: int) -> None:
    """Archive the page of one more article of the first site, for a build to read."""
    said = "".join(
        f"<p>Ngày {day}/9, công đoàn xưởng may trao {100 + day * number} suất quà cho đoàn viên ở tổ {day}, theo phong "
        f"trào “Máy sạch {number}”, mỗi suất {day} triệu đồng.</p>"
        for day in range(1, 12)
    )
    time = f"<meta property='article:published_time' content='2025-03-{1 + number % 27:02}T08:00:00+07:00'>"
    title = f"Công đoàn xưởng may trao quà lần thứ {number}"
    page = (
        f"<html><head><title>{title}</title>{time}</head><body><article><h1>{title}</h1>{said}</article></body></html>"
    )
    at = WRITTEN + dt.timedelta(days=number)
    with ArchiveWriter(corpus, "bao_00000_example", f"{at:%Y%m%dT%H%M%S}-run") as writer:
        url = f"https://bao.00000.example/bai-{90_000_000 + number}.html"
        writer.write_response(Exchange(url, at, headers=_HEADERS), page.encode())
