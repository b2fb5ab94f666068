"""Parts of the corpus: the articles that a question is about, as SQL over the tables.

A part is named by what its articles have: any column of `articles` (site="laodong_vn", province=["63-27", "34-24"]),
`since` and `until` (days in Vietnam, inclusive), `month` ("2026-09"), `movement_id` (articles that name the movement),
or `where`, a condition in SQL over `articles` for all else ("section IN ('cong-doan') AND n_words > 300").
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.tables import arrow_schema

_MONTH = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_DAY = "CAST(published_at AS DATE)"
# what says in which folders the rows lie: the name in a part, the folder's column, and how they compare
_BY_FOLDER = (("site", "site", "="), ("month", "month", "="), ("since", "month", ">="), ("until", "month", "<="))


class QueryRefused(ValueError):
    """A question that is wrong or makes no sense, or SQL that would do more than read the tables."""


@dataclass(frozen=True, slots=True)
class Part:
    """A SELECT of the `article_id` of some articles, and the values for its question marks.

    `lies` is a condition on site and month that their rows in any table fulfil, with `lies_values`: by it the files
    that hold none of them are not opened.
    """

    query: str
    values: tuple[Any, ...]
    lies: str = "true"
    lies_values: tuple[Any, ...] = ()


def part(named: Mapping[str, Any], *, reprints: bool, months: tuple[str, str] | None = None) -> Part:
    """Return the articles that have all that is named; without `reprints`, the first of equal texts only.

    Args:
        months: the first and last of the folders in which they lie; all when absent.

    Raises:
        QueryRefused: no such column, or a month or day that is none.
    """
    lies, lies_values = _where_it_lies(named)
    if months is not None:
        lies, lies_values = f"{lies} AND month BETWEEN ? AND ?", [*lies_values, *months]
    conditions = [lies] if reprints else [lies, "reprint_of IS NULL"]
    values = [*lies_values]
    for name, value in named.items():
        condition, bound = _condition(name, value)
        conditions.append(condition)
        values += bound
    # column names come from the schema, values are bound; `where` runs where any reading SQL may
    query = f"SELECT article_id FROM articles WHERE {' AND '.join(conditions)}"  # noqa: S608
    return Part(query, tuple(values), lies, tuple(lies_values))


def rest(of: Part, *, reprints: bool) -> Part:
    """Return all articles that are not in a part."""
    everything = part({}, reprints=reprints)
    return Part(f"({everything.query}) EXCEPT ({of.query})", (*everything.values, *of.values))


def _where_it_lies(named: Mapping[str, Any]) -> tuple[str, list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []
    for name, column, comparison in _BY_FOLDER:
        value = named.get(name)
        if isinstance(value, str | dt.date):
            conditions.append(f"{column} {comparison} ?")
            values.append(day_of(value)[:7] if name in ("since", "until") else value)
    return " AND ".join(conditions) or "true", values


def day_of(value: dt.date | str) -> str:
    """Return a day in ISO form; of a moment, the day that it is written on.

    Raises:
        QueryRefused: text that is no day.
    """
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    try:
        return dt.date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise QueryRefused(f"{value!r} is no day; write it as 2026-11-30") from None


def _condition(name: str, value: Any) -> tuple[str, list[Any]]:
    if name in ("since", "until"):
        return f"{_DAY} {'>=' if name == 'since' else '<='} CAST(? AS DATE)", [day_of(value)]
    if name == "month":
        if _MONTH.fullmatch(str(value)) is None:
            raise QueryRefused(f"month is written as 2026-09, not {value!r}")
        return "strftime(published_at, '%Y-%m') = ?", [str(value)]
    if name == "movement_id":
        return "article_id IN (SELECT article_id FROM movements WHERE movement_id = ?)", [value]
    if name == "where":
        return f"({value}\n)", []  # the line break ends a comment at the end of the condition
    if name not in (columns := arrow_schema("articles").names):
        others = "since, until, month, movement_id, where"
        raise QueryRefused(f"articles have no column {name!r}; a part is named by {others}, {', '.join(columns)}")
    if value is None:
        return f'"{name}" IS NULL', []
    if isinstance(value, Sequence) and not isinstance(value, str):
        return (f'"{name}" IN ({", ".join("?" * len(value))})', list(value)) if value else ("false", [])
    return f'"{name}" = ?', [value]
