"""Sentences with their tokens, parts of speech and entities, all standing in the text as printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress
from typing import Literal

from pipeline.nlp.answers import Tagged
from pipeline.nlp.models import reader
from pipeline.nlp.press_splitting import PressSplitter
from pipeline.nlp.reading import Lexicon, Numbers, Reading, Titles
from pipeline.nlp.tones import Tones
from pipeline.records import Entity, Sentence, Tokens

# A "sentence" longer than this is a text without full stops (the longest seen in the press: 1,900 characters); it is
# tagged in pieces, so that time stays linear and memory bounded.
MAX_TAGGED_CHARACTERS = 20_000
_NO_ENTITY = "O"

Rules = Literal["underthesea", "press"]


class NotText(TypeError):
    """Something other than a str where a text is wanted."""


def split_sentences(text: str, *, rules: Rules = "underthesea") -> tuple[Sentence, ...]:
    """Return the sentences of a text, without tokens. A sentence never crosses a line.

    `sentence.text == text[sentence.start:sentence.end]`, no white space at its ends, whatever the text holds.

    Args:
        rules: "press" keeps closing quotes, quotations that go on, titles, initials, list numbers and addresses
            together: on UD Vietnamese VTB (train, dev, test; ten sentences a line) F1 97.64, 98.06, 96.95 becomes
            99.46, 98.89, 98.88.

    Raises:
        NotText: None or bytes.
    """
    _check(text)
    split = PressSplitter().spans if rules == "press" else reader().split
    sentences: list[Sentence] = []
    offset = 0
    for line in text.split("\n"):
        for start, end in split(line):
            sentences.append(Sentence(len(sentences), offset + start, offset + end, line[start:end], (), ()))
        offset += len(line) + 1
    return tuple(sentences)


def annotate(
    sentences: Sequence[Sentence],
    *,
    tones: Tones = "as_underthesea",
    titles: Titles = "as_underthesea",
    numbers: Numbers = "as_underthesea",
    lexicon: Lexicon = "none",
) -> tuple[Sentence, ...]:
    """Return the sentences with tokens, parts of speech and entities (underthesea's CRF models).

    They may be of many articles; 512 at once take half the time of 25.

    Args:
        tones: "as_trained" shows the word segmenter "hòa" as "hoà", which it was trained on, and finds more words:
            on UD Vietnamese VTB (train, dev, test) F1 95.93, 95.38, 95.71 becomes 96.14, 95.59, 95.79. What is printed
            stays.
        titles: "whole" keeps "Th.S." and "Bs." one word, and cuts no other word that looks alike ("Theseus").
        numbers: "whole" keeps dates, times, numbers with their unit and numbers of documents one word ("6h30", "3m2",
            "02-NQ/TW", "Q.1"); dates, times and numbers with a unit are then numerals (M), whatever the tagger says.
        lexicon: "union" keeps the names of union bodies, posts and works one word ("công đoàn cơ sở").

    F1 of words on 134 sentences of our own (tests/cases/words.txt) that are full of these: 74.99 becomes 75.6 with
    titles, 86.2 with numbers, 81.8 with the lexicon, 94.5 with all; benchmarks/README.md has the treebank.

    Raises:
        NotOffered: an option is on, and the models are not ones that can be read quickly.
    """
    pieces = [_pieces(sentence.text) for sentence in sentences]
    answers = reader(Reading(tones, titles, numbers, lexicon)).read([text for own in pieces for _, text in own])
    return tuple(
        _annotated(sentence, next(answers) if len(own) == 1 else _joined(own, answers))
        for sentence, own in zip(sentences, pieces, strict=True)
    )


def tag(texts: Sequence[str]) -> list[Tagged]:
    """Return what the models say of each text, which is taken for one sentence.

    Raises:
        NotText: one of them is None or bytes.
    """
    for text in texts:
        _check(text)
    return list(reader().read(texts))


def _check(text: object) -> None:
    if not isinstance(text, str):
        raise NotText(f"a text is wanted, not {type(text).__name__}; decode bytes first, and leave out what is missing")


def _annotated(sentence: Sentence, answer: Tagged) -> Sentence:
    text, starts, ends, pos, tags = sentence.text, answer.starts, answer.ends, answer.pos, answer.entities
    texts = [text[first:end] for first, end in zip(starts, ends, strict=True)]
    if "" in texts:  # a mark that was composed with the word before it is no token of its own
        starts, ends = list(compress(starts, texts)), list(compress(ends, texts))
        texts, pos, tags = (list(compress(column, texts)) for column in (texts, pos, tags))
    tokens = Tokens(texts, pos, starts, ends, sentence.start)
    named = tuple(_entities(sentence, starts, ends, tags)) if tags.count(_NO_ENTITY) < len(tags) else ()
    return Sentence(sentence.number, sentence.start, sentence.end, text, tokens, named)


def _joined(pieces: list[tuple[int, str]], answers: Iterator[Tagged]) -> Tagged:
    """Return the next answers, which are those to the pieces of one sentence, as if it had been read at once."""
    whole = Tagged([], [], [], [], [])
    for (start, _), answer in zip(pieces, answers, strict=False):
        whole.words.extend(answer.words)
        whole.starts.extend([start + first for first in answer.starts])
        whole.ends.extend([start + end for end in answer.ends])
        whole.pos.extend(answer.pos)
        whole.entities.extend(answer.entities)
    return whole


def _pieces(text: str) -> list[tuple[int, str]]:
    """Cut a sentence into (start in the sentence, piece), all but the last cut at white space where there is some."""
    pieces, start = [], 0
    while len(text) - start > MAX_TAGGED_CHARACTERS:
        space = text.rfind(" ", start + 1, start + MAX_TAGGED_CHARACTERS)
        cut = space if space > 0 else start + MAX_TAGGED_CHARACTERS
        pieces.append((start, text[start:cut]))
        start = cut
    pieces.append((start, text[start:]))
    return pieces


def _entities(sentence: Sentence, starts: list[int], ends: list[int], tags: list[str]) -> Iterator[Entity]:
    """Join B-X I-X … runs to entities."""
    first, label, last = -1, "", -1
    for place in [place for place, tag in enumerate(tags) if tag != _NO_ENTITY]:
        if first >= 0 and (place > last + 1 or tags[place] != f"I-{label}"):
            yield _entity(sentence, starts[first], ends[last], label)
            first = -1
        if first < 0:
            first, label = place, tags[place][2:]
        last = place
    if first >= 0:
        yield _entity(sentence, starts[first], ends[last], label)


def _entity(sentence: Sentence, start: int, end: int, label: str) -> Entity:
    return Entity(sentence.start + start, sentence.start + end, label, sentence.text[start:end])
