"""The part-of-speech and entity taggers' models as tables: for each template, the model's row of all it can see.

Row 0 of a model's weights is all zero and stands for what it does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.crfsuite import Model, ModelNotRead
from pipeline.nlp.ngrams import MOST_WORDS, ROW_AFTER, ROW_BEFORE, ROW_FIRST, key_of, slots_of
from pipeline.nlp.tables import Tables, together
from pipeline.nlp.templates import AFTER, BEFORE, Template, known_values, parse, rows_of

# columns of underthesea's taggers: the word, its part of speech, and columns that are not filled in yet
WORD, POS = 0, 1
NOT_FILLED = "X"
_MOST_WIDTH = 2
_FUNCTIONS = (None, "lower", "istitle")
Rows = NDArray[np.int32]


def tagger_tables(models: dict[str, tuple[Model, Sequence[str]]]) -> Tables:
    """Return the tables of the part-of-speech tagger ("pos") and the entity tagger ("ner"), by their templates.

    `words` lists all words that one of the models knows; number i + 1 is the i-th, 0 is unknown.

    Raises:
        ModelNotRead: a model with templates that underthesea 9 does not use.
    """
    parsed = {name: [parse(written) for written in names] for name, (_, names) in models.items()}
    words = sorted({word for name, (model, _) in models.items() for word in _known_words(model, parsed[name])})
    if len(words) >= MOST_WORDS:
        raise ModelNotRead(f"the taggers know {len(words)} words; fewer than {MOST_WORDS} were expected")
    number = {word: place for place, word in enumerate(words, 1)}
    pos = {"pos": [], "ner": models["pos"][0].labels}
    whole = together({name: _tagger(model, parsed[name], number, pos[name]) for name, (model, _) in models.items()})
    return Tables(whole.arrays, {**whole.texts, "words": words})


def _known_words(model: Model, templates: list[Template]) -> set[str]:
    single = [one for one in templates if one.column == WORD and one.width == 1 and one.function != "istitle"]
    words = {BEFORE, AFTER, *known_values(model, single)}  # a text may hold the word "BOS" too
    for first, second in _pairs(model, templates):
        words |= {first, second}
    return words


def _pairs(model: Model, templates: list[Template]) -> dict[tuple[str, str], str]:
    """Return the pairs of words that templates of two words know; a text of three syllables may be either of two."""
    pairs = {}
    for text in known_values(model, [one for one in templates if one.column == WORD and one.width > 1]):
        parts = text.split(" ")
        for cut in range(1, len(parts)):
            pairs[" ".join(parts[:cut]), " ".join(parts[cut:])] = text
    return pairs


def _tagger(model: Model, templates: list[Template], number: dict[str, int], pos: list[str]) -> Tables:
    """Tables of one tagger, by the place of the template in the list; `pos` are the tags that it is given."""
    single = np.zeros((len(templates), len(number) + 1), np.int32)
    of_word = [place for place, one in enumerate(templates) if one.column == WORD and one.width == 1]
    single[of_word, 1:] = rows_of(model, [templates[place] for place in of_word], list(number))
    arrays: dict[str, NDArray[Any]] = {
        "single": single,
        "titles": rows_of(model, templates, ("False", "True")),
        "edges": rows_of(model, templates, (BEFORE, AFTER)),
        "weights": model.weights,
        "transitions": model.transitions,
    }
    for place, template in enumerate(templates):
        if template.width > _MOST_WIDTH or template.function not in _FUNCTIONS:
            raise ModelNotRead(f"a tagger has a feature {template.name!r} that is not understood")
        if template.column != WORD:
            symbols = pos if pos and template.column == POS else [NOT_FILLED]
            arrays[f"columns.{place}.rows"] = _tag_rows(model, template, [BEFORE, AFTER, *symbols])
    pairs = [one for one in templates if one.column == WORD and one.width == _MOST_WIDTH]
    arrays |= _pair_rows(model, pairs, _pairs(model, templates), number)
    return Tables(arrays, {"templates": [template.name for template in templates], "labels": model.labels})


def _pair_rows(
    model: Model, chosen: list[Template], pairs: dict[tuple[str, str], str], number: dict[str, int]
) -> dict[str, NDArray[Any]]:
    """Slots of the pairs of words that are known, and the rows of the chosen templates for each."""
    slots = slots_of([key_of([number[first], number[second]]) for first, second in pairs])
    rows = np.zeros((len(chosen), ROW_FIRST + len(pairs)), np.int32)
    rows[:, [ROW_BEFORE, ROW_AFTER]] = rows_of(model, chosen, (BEFORE, AFTER))
    rows[:, ROW_FIRST:] = rows_of(model, chosen, list(pairs.values()))
    return {"pairs.keys": slots.keys, "pairs.slots": slots.rows, "pairs.rows": rows}


def _tag_rows(model: Model, template: Template, symbols: list[str]) -> Rows:
    """Rows of a template about tags, by symbol, or by first and second symbol."""
    pairs = [
        BEFORE if one == BEFORE else AFTER if AFTER in (one, other) else f"{one} {other}"
        for one in symbols
        for other in symbols
    ]
    rows = rows_of(model, [template], symbols if template.width == 1 else pairs)
    return rows.reshape([len(symbols)] * template.width)
