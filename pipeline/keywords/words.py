"""Sentences of the tables as flat arrays of word numbers: what is counted by the thousands in one step of numpy.

A word is what underthesea cut, compared by its `search_key`: "Công đoàn", "công đoàn" and "CÔNG ĐOÀN" are one, so are
both tone styles. It is shown as it is printed most often.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import tomli

from pipeline.spelling import search_key

Integers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
# opens the sentences anew at each call, for one more pass; batches have the columns article_id, tokens and pos
Sentences: TypeAlias = Callable[[], Iterable[Any]]

# classes of words; a break is punctuation, which no phrase and no pair goes over
BREAK, STOP, NAME, NOUN, VERB, ADJECTIVE = range(6)
# underthesea's tags of words that name something; Nc (classifiers), Nu (units), M, L, P, R, E, C, T, … do not
_CLASS_OF_TAG = {"N": NOUN, "Np": NAME, "Ny": NOUN, "FW": NOUN, "V": VERB, "A": ADJECTIVE}


class TokensAtFault(ValueError):
    """A row of sentences with more or fewer tags than tokens; the message names the article."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of some sentences, in reading order, one array element a word.

    `key` numbers the word in its vocabulary, `word_class` is one of the six classes, `sentence` and `article` count
    within these sentences from 0. `article_ids` names the articles.
    """

    key: Integers
    word_class: Integers
    sentence: Integers
    article: Integers
    article_ids: tuple[str, ...]

    @property
    def is_content(self) -> Flags:
        """Which words name something: nouns, names, verbs and adjectives that are no stop words."""
        return np.greater_equal(self.word_class, NAME)

    @property
    def is_noun(self) -> Flags:
        """Which words are nouns or names."""
        return np.isin(self.word_class, [NAME, NOUN])


class Vocabulary:
    """Numbers for words, given at first sight: keys by their spelling, and the printed forms of each."""

    def __init__(self) -> None:
        self.spellings: list[str] = []
        self._numbers: dict[str, int] = {}
        self._printed: dict[str, int] = {}
        self._key_of_printed: list[int] = []
        self._printed_counts = np.zeros(0, dtype=np.int64)

    def __len__(self) -> int:
        return len(self.spellings)

    def keys(self, printed: list[str]) -> Integers:
        """Return the numbers of words as printed; of one word the same number, however it is printed."""
        return np.array([self._key_of_printed[number] for number in map(self._printed_number, printed)], dtype=np.int64)

    def count_printed(self, printed: list[str], counts: Integers) -> None:
        """Add to the counts of printed forms, which choose the form that is shown."""
        numbers = np.array([self._printed_number(form) for form in printed], dtype=np.int64)
        missing = len(self._key_of_printed) - len(self._printed_counts)
        if missing > 0:
            # grown to double, so that a long stream of new words does not copy the array at each batch
            room = np.zeros(missing + len(self._printed_counts), dtype=np.int64)
            self._printed_counts = np.concatenate([self._printed_counts, room])
        np.add.at(self._printed_counts, numbers, counts)

    def shown(self) -> list[str]:
        """Return for each key the form printed most often, of equals the first by code point."""
        best: list[tuple[int, str]] = [(0, "")] * len(self.spellings)
        for form, number in self._printed.items():
            key, count = self._key_of_printed[number], int(self._printed_counts[number])
            if count > best[key][0] or (count == best[key][0] and form < best[key][1]):
                best[key] = (count, form)
        return [form for _, form in best]

    def number(self, word: str) -> int:
        """Return the key of a word, -1 for one that was never seen."""
        return self._numbers.get(search_key(word), -1)

    def _printed_number(self, form: str) -> int:
        number = self._printed.get(form)
        if number is None:
            spelling = search_key(form)
            key = self._numbers.setdefault(spelling, len(self.spellings))
            if key == len(self.spellings):
                self.spellings.append(spelling)
            number = self._printed[form] = len(self._key_of_printed)
            self._key_of_printed.append(key)
        return number


def words_of(sentences: Sentences, vocabulary: Vocabulary, *, first_pass: bool = False) -> Iterator[Words]:
    """Yield the words of all sentences, batch by batch; on the first pass the printed forms are counted too.

    Raises:
        TokensAtFault: a sentence has not one tag a token.
    """
    for batch in sentences():
        yield _flat_words(batch, vocabulary, first_pass)


def _flat_words(batch: Any, vocabulary: Vocabulary, first_pass: bool) -> Words:
    tokens, tags, articles = (batch.column(name) for name in ("tokens", "pos", "article_id"))
    lengths = tokens.value_lengths().to_numpy(zero_copy_only=False)
    different = np.flatnonzero(lengths != tags.value_lengths().to_numpy(zero_copy_only=False))
    if len(different):
        raise TokensAtFault(
            f"article {articles[int(different[0])].as_py()}: a sentence has {lengths[different[0]]} tokens and another "
            "number of tags; `congdoan build` makes the sentences anew"
        )
    printed, which = _encoded(tokens.flatten())
    if first_pass:
        vocabulary.count_printed(printed, np.bincount(which, minlength=len(printed)))
    keys = vocabulary.keys(printed)
    limit = np.array([_highest_class(vocabulary.spellings[key]) for key in keys], dtype=np.int64)
    names, which_tag = _encoded(tags.flatten())
    word_class = np.array([_CLASS_OF_TAG.get(name, STOP) for name in names], dtype=np.int64)[which_tag]
    article_names, article = _encoded(articles)
    sentence = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    return Words(keys[which], np.minimum(word_class, limit[which]), sentence, article[sentence], tuple(article_names))


def _encoded(strings: Any) -> tuple[list[str], Integers]:
    """Return the distinct strings, and for each string which of them it is."""
    if not pa.types.is_dictionary(strings.type):
        strings = strings.dictionary_encode()
    return strings.dictionary.to_pylist(), strings.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _highest_class(spelling: str) -> int:
    """Return the class that a word may have at most, whatever its tag: numbers are tagged as nouns now and then."""
    if not spelling:
        return BREAK
    return STOP if spelling in _stop_words() or not any(map(str.isalpha, spelling)) else ADJECTIVE


@functools.cache
def _stop_words() -> frozenset[str]:
    groups = tomli.loads(files(__package__).joinpath("stop_words.toml").read_text(encoding="utf-8"))
    return frozenset(search_key(word) for group in groups.values() for word in group)
