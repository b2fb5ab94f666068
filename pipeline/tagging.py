"""underthesea's CRF taggers with their features built in one pass.

underthesea builds each of its 25 to 31 features a word by parsing the template anew and copying the whole sentence, so
`ner` takes 100 µs a character and time quadratic in the sentence. The same templates, filled column by column, give
the same strings to the same models.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_TEMPLATE = re.compile(r"T\[(-?\d+)(?:,(-?\d+))?\](?:\[(\d+)\])?(?:\.(\w+))?")


@dataclass(frozen=True, slots=True)
class _Template:
    """A feature: the words `first` to `last` from here, of one column, joined, through a function."""

    name: str
    first: int
    last: int | None
    column: int
    function: str | None


@dataclass(frozen=True, slots=True)
class TaggedWord:
    """A word with underthesea's tags: part of speech, chunk (B-NP …), entity (B-PER, I-PER, … or O)."""

    word: str
    pos: str
    chunk: str
    entity: str


def tag_words(words: Sequence[str]) -> list[TaggedWord]:
    """Return what `underthesea.ner` says of a sentence cut into these words."""
    if not words:
        return []
    models = _models()
    unknown = ("X",) * len(words)
    pos = models[0](words, unknown)
    chunks = models[1](words, pos, unknown)
    entities = models[2](words, pos, chunks, unknown)
    return [TaggedWord(*row) for row in zip(words, pos, chunks, entities, strict=True)]


@functools.cache
def _models() -> list[Callable[..., list[str]]]:
    from underthesea.pipeline.chunking.model_crf import CRFChunkingPredictor
    from underthesea.pipeline.ner.model_crf import CRFNERPredictor
    from underthesea.pipeline.pos_tag.model_crf import CRFPOSTagPredictor

    predictors = [kind.Instance() for kind in (CRFPOSTagPredictor, CRFChunkingPredictor, CRFNERPredictor)]
    return [_tagger(predictor) for predictor in predictors]


def _tagger(predictor: Any) -> Callable[..., list[str]]:
    templates = [_parsed(name) for name in predictor.transformer.template]

    def tag(*columns: Sequence[str]) -> list[str]:
        filled = [_filled(template, columns[template.column]) for template in templates]
        return list(predictor.model.tag([list(features) for features in zip(*filled, strict=True)]))

    return tag


def _parsed(name: str) -> _Template:
    match = _TEMPLATE.fullmatch(name)
    if match is None:
        raise ValueError(f"underthesea has a feature template {name!r} that is not understood; install underthesea 9.5")
    first, last, column, function = match.groups()
    return _Template(name, int(first), int(last) if last else None, int(column or 0), function)


def _filled(template: _Template, column: Sequence[str]) -> list[str]:
    """Return the feature for each word of the sentence."""
    width = 1 if template.last is None else template.last - template.first + 1
    prefix = f"{template.name}="
    before, after = f"{prefix}BOS", f"{prefix}EOS"
    grams: list[Any] = [" ".join(column[at : at + width]) for at in range(len(column) - width + 1)]
    if template.function:
        function = _functions()[template.function]
        grams = [function(gram) for gram in grams]
    values = [f"{prefix}{gram}" for gram in grams]
    starts = range(template.first, template.first + len(column))
    return [before if start < 0 else values[start] if start < len(values) else after for start in starts]


@functools.cache
def _functions() -> dict[str, Callable[[str], Any]]:
    from underthesea.pipeline.ner import tagged_feature

    return {
        "lower": tagged_feature.text_lower,
        "istitle": functools.lru_cache(100_000)(tagged_feature.text_istitle),
        "isdigit": tagged_feature.text_isdigit,
        "isallcap": tagged_feature.text_isallcap,
        "is_in_dict": tagged_feature.text_is_in_dict,
    }
