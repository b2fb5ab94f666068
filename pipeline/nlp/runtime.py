"""The fast path: words, parts of speech and entities of many sentences in one pass over tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.answers import Depth, Tagged
from pipeline.nlp.normal import all_readable
from pipeline.nlp.padding import FIRST_WORD
from pipeline.nlp.patterns import QUANTITY, pattern_for
from pipeline.nlp.reading import AS_UNDERTHESEA, Reading
from pipeline.nlp.segmenter import Segmenter
from pipeline.nlp.tables import Tables
from pipeline.nlp.taggers import Tagger, Words
from pipeline.nlp.tokens import Column, Tokenizer, Tokens
from pipeline.nlp.tones import old_style
from pipeline.nlp.union_words import UnionWords
from pipeline.nlp.whole_numbers import WholeNumbers

Numbers = NDArray[np.int64]

# read at once: those of 16 articles, which a build hands out together, are 460 and seldom over 600, with 60,000
# characters; 500,000 characters take 200 MB while they are read
MOST_SENTENCES = 640
MOST_CHARACTERS = 500_000
_NUMERAL = "M"  # underthesea's part of speech of numbers


@dataclass(frozen=True, slots=True)
class _Cut:
    """The words of many sentences, laid end to end: number, start and end; and how many each sentence has."""

    numbers: Numbers
    starts: Numbers
    ends: Numbers
    counts: Numbers


class Runtime:
    """Reads sentences in batches. Runs, tokens and words are kept once seen, up to a bound."""

    def __init__(
        self,
        tables: Tables,
        reading: Reading = AS_UNDERTHESEA,
        kept_characters: int = 3_000_000,
        kept_words: int = 200_000,
    ) -> None:
        """Make a runtime from `build_tables`.

        Args:
            reading: what the word segmenter sees, and what is kept whole.
            kept_characters: of distinct runs that are kept before all are forgotten.
            kept_words: distinct words that are kept. With both at these bounds, and Python, numpy, the tables and a
                batch, a worker has held 332 MB (benchmarks/nlp_speed.py).
        """
        self._kept_characters, self._kept_words = kept_characters, kept_words
        text, tags = tables.under("text").texts, tables.under("tags")
        spellings = dict(zip(text["spellings"], text["spellings_written"], strict=True))
        self._characters = dict(zip(text["characters"], text["characters_written"], strict=True))
        self._tokenizer = Tokenizer(pattern_for(text["pattern"][0], reading), spellings, FIRST_WORD)
        self._segmenter = Segmenter(tables.under("words"), old_style if reading.tones == "as_trained" else str)
        # the lexicon comes last: a name may hold a number
        self._whole_numbers, names = reading.numbers == "whole", reading.lexicon == "union"
        self._holders: list[WholeNumbers | UnionWords] = [
            *([WholeNumbers()] if self._whole_numbers else []),
            *([UnionWords()] if names else []),
        ]
        self._words = Words(tags.texts["words"])
        self._pos = Tagger(tags.under("pos"), self._words, tagged=False)
        self._ner = Tagger(tags.under("ner"), self._words, tagged=True)
        self._word_of_token, self._is_quantity = Column(), Column()
        self._word_of_tokens: dict[tuple[int, ...], int] = {}

    def read(self, texts: Sequence[str], depth: Depth = "entities") -> Iterator[Tagged]:
        """Yield what the models say of each text, which is taken for one sentence, down to the depth asked for."""
        for batch in _batches(texts):
            yield from self._read(batch, depth)

    def _read(self, texts: Sequence[str], depth: Depth) -> Iterator[Tagged]:
        if self._tokenizer.kept > self._kept_characters or len(self._words.spellings) > self._kept_words:
            self._forget()
        clean = all_readable(texts, self._characters)
        cut = self._cut(self._tokenizer.read([one.text for one in clean]))
        pos: list[str] = []
        entities: list[str] = []
        if depth != "words" and len(cut.numbers):
            counts = cut.counts[cut.counts > 0]
            forms = self._words.forms_of(cut.numbers)
            tags = self._pos.tag(forms, counts)
            pos = self._pos.labels[tags].tolist()
            if depth == "entities":
                entities = self._ner.labels[self._ner.tag(forms, counts, tags)].tolist()
        words = list(map(self._words.spellings.__getitem__, cut.numbers.tolist()))
        if self._whole_numbers and pos:
            for place in self._quantities(cut.numbers):
                pos[place] = _NUMERAL
        starts, ends = cut.starts.tolist(), cut.ends.tolist()
        for one, (first, last) in zip(clean, pairwise(accumulate(cut.counts.tolist(), initial=0)), strict=True):
            here = slice(first, last)
            own, own_ends = starts[here], ends[here]
            if one.printed is not None:
                own, own_ends = ([one.printed[at] for at in places] for places in (own, own_ends))
            yield Tagged(words[here], own, own_ends, pos[here], entities[here])

    def _quantities(self, numbers: Numbers) -> list[int]:
        """Return which of some words are quantities; each word is looked at when it is first seen."""
        new = self._words.spellings[len(self._is_quantity) :]
        self._is_quantity.extend([QUANTITY.fullmatch(word) is not None for word in new])
        quantities: list[int] = np.flatnonzero(self._is_quantity.array()[numbers]).tolist()
        return quantities

    def _forget(self) -> None:
        for keeper in (self._tokenizer, self._segmenter, self._words, self._pos, self._ner, *self._holders):
            keeper.forget()
        self._word_of_token, self._is_quantity = Column(), Column()
        self._word_of_tokens = {}

    def _cut(self, tokens: Tokens) -> _Cut:
        """Join tokens to words."""
        begins = self._segmenter.begins_word(tokens, self._tokenizer.spellings)
        for holder in self._holders:
            holder.hold(begins, tokens, self._tokenizer.spellings)
        first = np.flatnonzero(begins)
        last = np.append(first, len(begins))[1:]
        before = np.concatenate(([0], np.cumsum(begins)))[np.concatenate(([0], np.cumsum(tokens.counts)))]
        numbers = self._word_numbers(tokens.numbers, first, last)
        return _Cut(numbers, tokens.starts[first], tokens.ends[last - 1], np.diff(before))

    def _word_numbers(self, tokens: Numbers, first: Numbers, last: Numbers) -> Numbers:
        spellings, known = self._tokenizer.spellings, self._word_of_tokens
        self._word_of_token.extend([self._words.number(token) for token in spellings[len(self._word_of_token) :]])
        numbers = self._word_of_token.array()[tokens[first]]
        several = np.flatnonzero(last - first > 1)
        tokens_read = tokens.tolist()
        for place, start, end in zip(several.tolist(), first[several].tolist(), last[several].tolist(), strict=True):
            own = tuple(tokens_read[start:end])
            number = known.get(own)
            if number is None:
                number = known[own] = self._words.number(" ".join([spellings[token] for token in own]))
            numbers[place] = number
        return numbers


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    first, characters = 0, 0
    for at, text in enumerate(texts):
        if at - first == MOST_SENTENCES or (characters and characters + len(text) > MOST_CHARACTERS):
            yield texts[first:at]
            first, characters = at, 0
        characters += len(text)
    if first < len(texts):
        yield texts[first:]
