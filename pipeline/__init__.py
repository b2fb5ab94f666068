"""Knows the language and the tables: parse, clean, annotate, extract, build, query.

from pipeline import analyze, open_corpus
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.document import analyze
    from pipeline.query import open_corpus

__all__ = ["analyze", "open_corpus"]


def __getattr__(name: str) -> Any:
    # loaded on first use: a notebook that only queries must not wait for the NLP, nor `congdoan --help` for either
    if name == "analyze":
        from pipeline.document import analyze

        return analyze
    if name == "open_corpus":
        from pipeline.query import open_corpus

        return open_corpus
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
