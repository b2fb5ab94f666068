"""Tables: what is worked out once from underthesea's files, as plain arrays and lists of text that a file can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Tables:
    """Named arrays and named lists of texts; the name says whose they are ("words.bigrams.weights")."""

    arrays: Mapping[str, NDArray[Any]]
    texts: Mapping[str, list[str]]

    def under(self, name: str) -> Tables:
        """Return the tables whose names start with `name` and a dot, without these."""
        prefix = f"{name}."
        return Tables(
            {key.removeprefix(prefix): value for key, value in self.arrays.items() if key.startswith(prefix)},
            {key.removeprefix(prefix): value for key, value in self.texts.items() if key.startswith(prefix)},
        )


def together(parts: Mapping[str, Tables]) -> Tables:
    """Return the tables of all parts in one, each under its part's name."""
    return Tables(
        {f"{part}.{key}": value for part, tables in parts.items() for key, value in tables.arrays.items()},
        {f"{part}.{key}": value for part, tables in parts.items() for key, value in tables.texts.items()},
    )
