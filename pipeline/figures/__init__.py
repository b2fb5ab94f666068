"""Figures: every reported quantity of a text, in base units, with what it counts."""

from pipeline.figures.extraction import extract_figures

__all__ = ["extract_figures"]
