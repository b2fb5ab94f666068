"""Filters of one table: rows of some days, and rows whose columns have given values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.parts import QueryRefused, day_of
from pipeline.schema import TABLES
from pipeline.tables import Partition, stored_schema

_DATED = {
    "articles": "published_at",
    "movements": "published_at",
    "back_references": "published_at",
    "figures": "published_at",
    "amounts_in_words": "published_at",
    "refused_numbers": "published_at",
    "revisions": "fetched_at",
    "dropped": "fetched_at",
    "runs": "started_at",
}


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rows of a table are asked for.

    `since` and `until` are days in Vietnam, inclusive: of publication of articles, movements and figures, of capture of
    revisions and dropped, of start of runs. `equal` is column: value.
    """

    table: str
    since: dt.date | str | None
    until: dt.date | str | None
    equal: Mapping[str, str | int]

    def condition(self) -> tuple[str, list[Any]]:
        """Return them in SQL, names from the schema, and the values for its question marks.

        Raises:
            QueryRefused: no such table or column, or a day that is none.
        """
        if self.table not in TABLES:
            raise QueryRefused(f"no table {self.table!r}; there are {', '.join(TABLES)}")
        conditions: list[str] = []
        values: list[Any] = []
        for name, value in self.equal.items():
            if name not in (columns := stored_schema(self.table).names):
                raise QueryRefused(f"{self.table} has no column {name!r}; it has {', '.join(columns)}")
            conditions.append(f'"{name}" = ?')
            values.append(value)
        for day, comparison in ((self.since, ">="), (self.until, "<=")):
            if day is not None:
                if self.table not in _DATED:
                    raise QueryRefused(f"{self.table} has no date to filter by")
                conditions.append(f"CAST({_DATED[self.table]} AS DATE) {comparison} CAST(? AS DATE)")
                values.append(day_of(day))
        return " AND ".join(conditions), values

    def among(self, partitions: Iterable[Partition]) -> list[Partition]:
        """Return those of a table's partitions in which such rows may lie.

        Raises:
            QueryRefused: a day that is none.
        """
        # a revision is dated by its capture, and lies in the month of its article
        by_month = self.table in _DATED and self.table != "revisions"
        first, last = (day_of(day)[:7] if day is not None and by_month else None for day in (self.since, self.until))
        return [
            partition
            for partition in partitions
            if all(
                getattr(partition, name) == str(self.equal[name]) for name in ("site", "month") if name in self.equal
            )
            and (first is None or first <= partition.month)
            and (last is None or partition.month <= last)
        ]
