"""Sentences with their tokens, parts of speech and entities, all standing in the text as printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import Literal

from pipeline.nlp.answers import Tagged
from pipeline.nlp.models import reader
from pipeline.nlp.press_splitting import PressSplitter
from pipeline.nlp.reading import Lexicon, Numbers, Reading, Titles
from pipeline.nlp.tones import Tones
from pipeline.records import Entity, Sentence, Token

# A "sentence" longer than this is a text without full stops (the longest seen in the press: 1,900 characters); it is
# tagged in pieces, so that time stays linear and memory bounded.
MAX_TAGGED_CHARACTERS = 20_000
_NO_ENTITY = "O"
_new, _text_of = tuple.__new__, attrgetter("text")  # a token is made ten times as often as anything else

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
    pieces = [list(_pieces(sentence)) for sentence in sentences]
    answers = reader(Reading(tones, titles, numbers, lexicon)).read([text for own in pieces for _, text in own])
    return tuple(
        _annotated(sentence, [start for start, _ in own], list(islice(answers, len(own))))
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


def _annotated(sentence: Sentence, starts: list[int], answers: list[Tagged]) -> Sentence:
    tokens: list[Token] = []
    tags: list[str] = []
    shown, offset = sentence.text, sentence.start
    for start, answer in zip(starts, answers, strict=True):
        piece, before = shown[start:] if start else shown, offset + start
        rows = zip(answer.starts, answer.ends, answer.pos, strict=True)
        tokens += [_new(Token, (piece[first:end], first + before, end + before, pos)) for first, end, pos in rows]
        tags += answer.entities
    if "" in map(_text_of, tokens):  # a mark that was composed with the word before it is no token of its own
        tags = [tag for token, tag in zip(tokens, tags, strict=True) if token.text]
        tokens = [token for token in tokens if token.text]
    entities = tuple(_entities(sentence, tokens, tags))
    return Sentence(sentence.number, offset, sentence.end, shown, tuple(tokens), entities)


def _pieces(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """Cut a sentence into (start in the sentence, piece), all but the last cut at white space where there is some."""
    text, start = sentence.text, 0
    while len(text) - start > MAX_TAGGED_CHARACTERS:
        space = text.rfind(" ", start + 1, start + MAX_TAGGED_CHARACTERS)
        cut = space if space > 0 else start + MAX_TAGGED_CHARACTERS
        yield start, text[start:cut]
        start = cut
    yield start, text[start:]


def _entities(sentence: Sentence, tokens: list[Token], tags: list[str]) -> Iterator[Entity]:
    """Join B-X I-X … runs to entities."""
    first, label, last = -1, "", -1
    for place in [place for place, tag in enumerate(tags) if tag != _NO_ENTITY]:
        if first >= 0 and (place > last + 1 or tags[place] != f"I-{label}"):
            yield _entity(sentence, tokens[first], tokens[last], label)
            first = -1
        if first < 0:
            first, label = place, tags[place][2:]
        last = place
    if first >= 0:
        yield _entity(sentence, tokens[first], tokens[last], label)


def _entity(sentence: Sentence, first: Token, last: Token, label: str) -> Entity:
    start, end = first.start, last.end
    return Entity(start, end, label, sentence.text[start - sentence.start : end - sentence.start])
