"""Where the tables hold the articles of new captures, and whether these can be added to what is held there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from crawler.sites import Sites
from pipeline.article_list import ArticleList
from pipeline.reading import Reading
from pipeline.sightings import OutOfOrder, is_older, times_by_article
from pipeline.snapshots import Snapshot
from pipeline.tables import Partition


def place(
    base: Snapshot,
    listed: ArticleList,
    read: Reading,
    sites: Sites,
    newest: Mapping[str, str],
    failed: Mapping[str, str],
) -> dict[str, Partition]:
    """Return where the tables hold those of the articles that they hold.

    Args:
        listed: the articles of `base`.
        newest: time of the newest capture that the tables have read, by site.
        failed: site, by article, of those that could not be annotated, of which the tables hold nothing.

    Raises:
        OutOfOrder: of a known article a capture came in that is older than what the tables have read; or one of an
            article that the tables know only to have been gone later, or that could not be annotated.
    """
    found = {*read.spool.articles()}
    site_of = {article: read.spool.partition(article).site for article in found}
    where = _partitions(listed, found | read.gone.keys(), read.not_modified.keys())
    if again := {failed[article] for article in found & failed.keys()}:
        raise OutOfOrder("an article that could not be annotated came in again", again)
    older = {
        article: site for article, site in site_of.items() if is_older(site, [read.spool.earliest(article)], newest)
    }
    late = {site for article, site in older.items() if article in where}
    late |= {
        where[article].site
        for article, times in read.gone.items()
        if article in where and is_older(where[article].site, times, newest)
    }
    late |= _only_gone(base, {article: site for article, site in older.items() if article not in where}, sites)
    if late:
        raise OutOfOrder("older captures of known articles came in", late)
    return where


def _partitions(listed: ArticleList, ids: Collection[str], if_gone: Collection[str]) -> dict[str, Partition]:
    """Return where those of the articles are that the list has; of `if_gone` only those that are gone."""
    names, is_gone = listed.rows["article_id"], pc.is_valid(listed.rows["gone_at"])
    wanted, maybe = (pa.array(sorted(some), pa.string()) for some in (ids, if_gone))
    hits = pc.or_(pc.is_in(names, wanted), pc.and_(pc.is_in(names, maybe), is_gone))
    rows = np.flatnonzero(hits.to_numpy())
    return dict(zip(names.take(pa.array(rows)).to_pylist(), listed.partition_of_each(rows), strict=True))


def _only_gone(base: Snapshot, articles: Mapping[str, str], sites: Sites) -> set[str]:
    """Return the sites of those articles (given with their site) that the tables know only as answers of no page."""
    answers = [
        (url, dt.datetime.min)
        for partition in base.partitions("dropped")
        if partition.site in articles.values()
        for url in base.read("dropped", [partition], ["url"])["url"].to_pylist()
    ]
    return {articles[article] for article in times_by_article(answers, sites) if article in articles}
