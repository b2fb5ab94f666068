"""For commands that make no data frame: pyarrow loads pandas, where it is installed, with the first array it makes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec

import pyarrow as pa


class _NoPandas:
    """Finds no pandas, wherever it is installed."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """Leave every other module to those that look for it next."""
        if name == "pandas":
            raise ModuleNotFoundError("pandas is left out while a command runs that needs none")
        return None


@contextmanager
def without_pandas() -> Iterator[None]:
    """Do without pandas in the block, and in the processes that are forked in it, if it is not there already.

    It takes a fifth of a second to load. Only for a process that ends with its command: in one that goes on, pyarrow
    makes an array of a series as it does of a list until it is asked for a data frame.
    """
    if "pandas" in sys.modules:
        yield
        return
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([], pa.null())  # pyarrow remembers that there is none
        yield
    finally:
        sys.meta_path.remove(finder)
