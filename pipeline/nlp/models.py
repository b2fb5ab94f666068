"""Which path reads: the fast one for versions of underthesea that it is proven for, else the plain one."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Iterator, Sequence
from typing import Protocol

from pipeline.nlp import plain
from pipeline.nlp.answers import Depth, Tagged
from pipeline.nlp.cache import cache_folder, load_tables
from pipeline.nlp.installed import PROVEN, installed_digest, models
from pipeline.nlp.reading import AS_UNDERTHESEA, Reading
from pipeline.nlp.runtime import Runtime
from pipeline.nlp.splitting import Splitter


class SlowModels(UserWarning):
    """The installed underthesea is one whose models only underthesea itself can read."""


class NotOffered(ValueError):
    """An option that the installed underthesea cannot be read with."""


class Reader(Protocol):
    """Splits lines and tags sentences; both paths give the same answers."""

    def split(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of each sentence of a line."""

    def read(self, texts: Sequence[str], depth: Depth = "entities") -> Iterator[Tagged]:
        """Yield what the models say of each text, which is taken for one sentence."""


class PlainReader:
    """Reads through underthesea's public functions."""

    def split(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of each sentence of a line."""
        return plain.split(text)

    def read(self, texts: Sequence[str], depth: Depth = "entities") -> Iterator[Tagged]:
        """Yield what underthesea says of each text, which is taken for one sentence."""
        return plain.read(texts, depth)


class FastReader:
    """Reads by tables worked out from underthesea's files."""

    def __init__(self, reading: Reading = AS_UNDERTHESEA) -> None:
        """Load the tables, from the user's cache where they are there."""
        tables = load_tables(cache_folder())
        self._splitter = Splitter(frozenset(tables.texts["text.abbreviations"]))
        self._runtime = Runtime(tables, reading)

    def split(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of each sentence of a line."""
        return self._splitter.spans(text)

    def read(self, texts: Sequence[str], depth: Depth = "entities") -> Iterator[Tagged]:
        """Yield what the models say of each text, which is taken for one sentence."""
        return self._runtime.read(texts, depth)


def options_offered() -> bool:
    """Whether the installed models can be read otherwise than as underthesea does: those that are read quickly can."""
    return installed_digest() in PROVEN


@functools.cache
def reader(reading: Reading = AS_UNDERTHESEA) -> Reader:
    """Return the reader of this process; it warns once when it is the slow one."""
    return reader_for(installed_digest(), reading)


def reader_for(digest: str, reading: Reading = AS_UNDERTHESEA) -> Reader:
    """Return the reader for an installation of underthesea, by `installed_digest`; it warns when it is the slow one.

    Raises:
        NotOffered: another reading is asked of models that only underthesea itself can read.
    """
    if digest in PROVEN:
        return FastReader(reading)
    if reading != AS_UNDERTHESEA:
        raise NotOffered(f"{reading} can be had with the models of {', '.join(PROVEN.values())} only")
    warnings.warn(
        f"{models()} is not one that congdoan reads quickly ({', '.join(PROVEN.values())}); its own functions are used,"
        " some 50 times as slow. `congdoan check nlp` says whether the answers would be the same.",
        SlowModels,
        stacklevel=2,
    )
    return PlainReader()
