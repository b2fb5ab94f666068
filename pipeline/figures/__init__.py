"""Figures: every reported quantity of a text, in base units, with what it counts."""

from pipeline.figures.corrections import corrected
from pipeline.figures.extraction import extract_figures, read_amounts, read_figures, refused_numbers
from pipeline.figures.in_words import amounts_in_words

__all__ = ["amounts_in_words", "corrected", "extract_figures", "read_amounts", "read_figures", "refused_numbers"]
