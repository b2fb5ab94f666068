"""Figures: every reported quantity of a text, in base units, with what it counts."""

from pipeline.figures.extraction import RefusedNumber, extract_figures, refused_numbers

__all__ = ["RefusedNumber", "extract_figures", "refused_numbers"]
