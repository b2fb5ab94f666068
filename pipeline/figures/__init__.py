"""Figures: every reported quantity of a text, in base units, with what it counts."""

from pipeline.figures.corrections import corrected
from pipeline.figures.extraction import extract_figures, refused_numbers
from pipeline.figures.in_words import amounts_in_words
from pipeline.figures.visible import RefusedNumber

__all__ = ["RefusedNumber", "amounts_in_words", "corrected", "extract_figures", "refused_numbers"]
