"""Questions to the movements: how often, when and where each is reported, which come together, which are new."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from pipeline.parts import Part, QueryRefused, part

GROUPS: Final[Mapping[str, str]] = {
    "year": "strftime(published_at, '%Y')",
    "month": "strftime(published_at, '%Y-%m')",
    "province": "province",
    "site": "site",
    "kind": "kind",
}
_OF_MENTIONS: Final = ("movement_id", "name", "kind", "trigger")  # columns of movements; all else names articles
_UNKNOWN: Final = "movement_id LIKE 'x-%'"

# `name` is the canonical one, of an unknown movement the first that was printed
_COUNTS: Final = """SELECT {groups} movement_id, first(name ORDER BY published_at, article_id, start) AS name,
    count(*) AS mentions, count(DISTINCT article_id) AS articles, count(DISTINCT site) AS sites,
    min(published_at) AS first_seen, max(published_at) AS last_seen
    FROM ({mentions}) GROUP BY ALL ORDER BY {order} articles DESC, mentions DESC, movement_id"""
_TOGETHER: Final = """WITH
    reports AS (SELECT movement_id, article_id, min(name) AS name FROM ({mentions}) GROUP BY ALL),
    often AS (SELECT movement_id, min(name) AS name, count(*) AS articles FROM reports GROUP BY ALL)
    SELECT a.movement_id, any_value(x.name) AS name, b.movement_id AS with_id, any_value(y.name) AS with_name,
    count(*) AS articles, count(*) / (any_value(x.articles) + any_value(y.articles) - count(*)) AS jaccard
    FROM reports a JOIN reports b ON a.article_id = b.article_id AND a.movement_id < b.movement_id
    JOIN often x ON x.movement_id = a.movement_id JOIN often y ON y.movement_id = b.movement_id
    GROUP BY a.movement_id, b.movement_id HAVING count(*) >= {least}
    ORDER BY articles DESC, jaccard DESC, a.movement_id, b.movement_id"""
_NEW: Final = """WITH mentions AS ({mentions})
    SELECT movement_id, first(name ORDER BY published_at, article_id, start) AS name,
    mode(kind ORDER BY kind) AS kind, count(*) AS mentions, count(DISTINCT article_id) AS articles,
    count(DISTINCT site) AS sites, min(published_at) AS first_seen, max(published_at) AS last_seen,
    list_sort(list(DISTINCT surface)) AS surfaces,
    first(sentence_text ORDER BY published_at, article_id, start) AS sentence_text,
    first(url ORDER BY published_at, article_id, start) AS url
    FROM mentions JOIN (SELECT article_id, url FROM articles) USING (article_id)
    GROUP BY movement_id HAVING count(DISTINCT article_id) >= {least}
    ORDER BY articles DESC, sites DESC, mentions DESC, movement_id"""


class MovementQuestions(abc.ABC):
    """What a corpus answers about its movements; the corpus gives the rows."""

    @abc.abstractmethod
    def answer(self, query: Part) -> pd.DataFrame:
        """Return the rows of one SELECT, in its order; its columns even if there are none."""

    def movement_counts(self, by: str | Sequence[str] = (), *, reprints: bool = True, **of: Any) -> pd.DataFrame:
        """Return how often, and from when to when, each movement is reported: one row a movement and group.

        Args:
            by: year, month, province, site or kind, or several; times are Vietnam's. Undated articles have no month,
                articles whose place is unknown no province: these rows show null.
            reprints: whether an article with an earlier one's text is a report of its own.
            of: which mentions, by movement_id, name, kind or trigger; and of which articles, as in `pipeline.parts`.

        Returns:
            The groups, movement_id, name, mentions, articles, sites, first_seen, last_seen; in each group the most
            reported first.

        Raises:
            QueryRefused: no such group, or a part that is not understood.
        """
        groups = [by] if isinstance(by, str) else list(by)
        for group in groups:
            if group not in GROUPS:
                raise QueryRefused(f"movements are not counted by {group!r}, but by {', '.join(GROUPS)}")
        mentions = _mentions(of, reprints=reprints)
        query = _COUNTS.format(
            groups="".join(f"{GROUPS[group]} AS {group}, " for group in groups),
            order="".join(f"{group} NULLS LAST, " for group in groups),
            mentions=mentions.query,
        )
        return self.answer(Part(query, mentions.values))

    def movements_together(self, *, min_articles: int = 1, reprints: bool = True, **of: Any) -> pd.DataFrame:
        """Return the pairs of movements that one article reports, most articles first.

        `jaccard` is the share of the articles with either that have both: 1 where the two only come together.

        Raises:
            QueryRefused: a part that is not understood.
        """
        mentions = _mentions(of, reprints=reprints)
        return self.answer(Part(_TOGETHER.format(mentions=mentions.query, least=int(min_articles)), mentions.values))

    def new_movements(self, *, min_articles: int = 1, reprints: bool = False, **of: Any) -> pd.DataFrame:
        """Return the movements that the registry does not know, those that most articles report first.

        `surfaces` are the spellings as printed; `sentence_text` and `url` are of the first report. Reprints don't count
        unless asked for.

        Raises:
            QueryRefused: a part that is not understood.
        """
        mentions = _mentions(of, reprints=reprints)
        unknown = f"SELECT * FROM ({mentions.query}) WHERE {_UNKNOWN}"  # noqa: S608 - of our own constants
        return self.answer(Part(_NEW.format(mentions=unknown, least=int(min_articles)), mentions.values))


def _mentions(of: Mapping[str, Any], *, reprints: bool) -> Part:
    """Return the mentions that are asked for."""
    articles = part({name: value for name, value in of.items() if name not in _OF_MENTIONS}, reprints=reprints)
    conditions = [f"article_id IN ({articles.query})"]
    values = list(articles.values)
    for name in _OF_MENTIONS:
        if name in of:
            conditions.append(f"{name} = ?")
            values.append(of[name])
    # names are of our own list, values are bound
    return Part(f"SELECT * FROM movements WHERE {' AND '.join(conditions)}", tuple(values))  # noqa: S608
