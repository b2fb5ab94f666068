"""The word segmenter's model as tables: for each feature template, the weights of all that it can see.

The two labels' weights are one complex number, "begins a word" the real part: an addition then adds both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.crfsuite import Model, ModelNotRead
from pipeline.nlp.ngrams import MOST_WORDS, ROW_AFTER, ROW_BEFORE, ROW_FIRST, ROW_UNKNOWN, key_of, slots_of
from pipeline.nlp.tables import Tables, together
from pipeline.nlp.templates import AFTER, BEFORE, Template, known_values, parse, rows_of

LABELS = ["B-W", "I-W"]
# what a template looks at: the token as it is, in small letters, or a yes or no about it
AS_IS, LOWER, DIGIT, TITLE, IN_DICTIONARY = "as_is", "lower", "isdigit", "istitle", "is_in_dict"
# families of templates: those of one token; of runs (how many tokens, whether in small letters); by width, those of
# whether a run is in title case, and of whether it is in the dictionary
SINGLE = "single"
RUNS = {"pairs": (2, False), "lower_pairs": (2, True), "triples": (3, False), "lower_triples": (3, True)}
TITLES = {2: "title_pairs", 3: "title_triples"}
DICTIONARIES = {2: "dictionary_pairs", 3: "dictionary_triples"}
_MOST_WIDTH = 3
_NO_YES = ("False", "True")
Weights = NDArray[np.complex128]


def looks_at(template: Template) -> str:
    """Return what a template looks at."""
    return template.function or AS_IS


def segmenter_tables(model: Model, names: Sequence[str], dictionary: Iterable[str]) -> Tables:
    """Return the tables of the word segmenter.

    `syllables` lists all tokens that the model or its dictionary knows; number i + 1 is the i-th, 0 is unknown.

    Raises:
        ModelNotRead: a model with other labels or templates than those of underthesea 9.
    """
    if model.labels != LABELS:
        raise ModelNotRead(f"the word segmenter has the labels {model.labels}; {LABELS} were expected")
    templates = [parse(name) for name in names]
    words = sorted(set(dictionary))
    syllables = _syllables(model, templates, words)
    if len(syllables) >= MOST_WORDS:
        raise ModelNotRead(f"the word segmenter knows {len(syllables)} tokens; fewer than {MOST_WORDS} were expected")
    number = {syllable: place for place, syllable in enumerate(syllables, 1)}
    parts = {SINGLE: _single(model, templates, number, set(words))}
    for name, (width, lowered) in RUNS.items():
        chosen = [template for template in templates if family_of(template) == name]
        parts[name] = _runs(model, chosen, number, words if lowered else [], width)
    for name in (*TITLES.values(), *DICTIONARIES.values()):
        parts[name] = _yes_or_no(model, [template for template in templates if family_of(template) == name])
    whole = together(parts)
    arrays = {**whole.arrays, "transitions": model.transitions}
    return Tables(arrays, {**whole.texts, "templates": list(names), "syllables": syllables})


def family_of(template: Template) -> str:
    """Return in which family of templates one is: those that look at the same tokens in the same way."""
    if template.width == 1:
        return SINGLE
    if looks_at(template) == TITLE:
        return TITLES[template.width]
    if looks_at(template) == IN_DICTIONARY:
        return DICTIONARIES[template.width]
    return next(name for name, run in RUNS.items() if run == (template.width, looks_at(template) == LOWER))


def complex_weights(model: Model) -> Weights:
    """Return the weights of each row of the model, both labels in one number."""
    return np.ascontiguousarray(model.weights).view(np.complex128).ravel()


def _syllables(model: Model, templates: list[Template], words: list[str]) -> list[str]:
    texts = [template for template in templates if looks_at(template) in (AS_IS, LOWER)]
    values = known_values(model, texts)
    short = (word.split(" ") for word in words if word.count(" ") < _MOST_WIDTH)
    # a text may hold the token "BOS" too
    return sorted({BEFORE, AFTER, *(part for parts in chain(map(str.split, values), short) for part in parts)})


def _single(model: Model, templates: list[Template], number: dict[str, int], dictionary: set[str]) -> Tables:
    """Weights of the templates of one token, in their order.

    `by_token[template, number]` for those that look at the token itself, `flags[template, no or yes]` for the others,
    `edges[template, before or after]` for all.
    """
    weights = complex_weights(model)
    single = [template for template in templates if template.width == 1]
    texts = [template for template in single if looks_at(template) in (AS_IS, LOWER)]
    others = [template for template in single if template not in texts]
    nothing = np.zeros((len(texts), 1), np.int32)
    arrays = {
        "by_token": weights[np.hstack((nothing, rows_of(model, texts, list(number))))],
        "flags": weights[rows_of(model, others, _NO_YES)],
        "edges": weights[rows_of(model, single, (BEFORE, AFTER))],
        "in_dictionary": np.array([False, *(syllable in dictionary for syllable in number)]),
    }
    return Tables(arrays, {})


def _runs(model: Model, chosen: list[Template], number: dict[str, int], words: list[str], width: int) -> Tables:
    """Slots of the runs that are known; the weights of the chosen templates by row of `ngrams.find_rows`.

    Runs that only the dictionary knows come last and have no weights. `in_dictionary[row]` is the row of a yes-or-no
    template's weights.
    """
    values = known_values(model, chosen)
    in_dictionary = {word for word in words if len(word.split(" ")) == width}
    texts = [*values, *sorted(in_dictionary.difference(values))]
    slots = slots_of([key_of([number[part] for part in text.split(" ")]) for text in texts])
    rows = np.zeros((len(chosen), ROW_FIRST + len(values)), np.int32)
    rows[:, [ROW_BEFORE, ROW_AFTER]] = rows_of(model, chosen, (BEFORE, AFTER))
    rows[:, ROW_FIRST:] = rows_of(model, chosen, values)
    said = [
        ROW_UNKNOWN,
        ROW_BEFORE,
        ROW_AFTER,
        *(ROW_FIRST if text in in_dictionary else ROW_UNKNOWN for text in texts),
    ]
    arrays = {"weights": complex_weights(model)[rows], "in_dictionary": np.array(said)}
    return Tables({"keys": slots.keys, "rows": slots.rows, **arrays}, {})


def _yes_or_no(model: Model, chosen: list[Template]) -> Tables:
    """Weights of templates that say yes or no of several tokens: rows no, before, after, yes."""
    no, yes = _NO_YES
    return Tables({"weights": complex_weights(model)[rows_of(model, chosen, (no, BEFORE, AFTER, yes))]}, {})
