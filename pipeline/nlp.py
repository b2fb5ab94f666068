"""Sentences, words, parts of speech and entities: underthesea's answers, with offsets in the text as printed.

With `tagging`, the only door to underthesea. It rewrites what it reads (tone placement, character forms), so every
word is led back to the characters it was read from; a word that cannot be is an error, never a guess.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pipeline.schema import Entity, Sentence, Token
from pipeline.tagging import tag_words

# A feature is a string of its own, so a sentence costs about 1 KB a character while it is tagged; a "sentence" longer
# than this is a text without full stops (the longest seen in the press: 1,900 characters), tagged in pieces.
MAX_TAGGED_CHARACTERS = 20_000


class NotAligned(ValueError):
    """A word of the tagger's answer that is not found in the text it was given."""


def split_sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a cleaned text, without tokens. A sentence never crosses a line.

    `sentence.text == text[sentence.start:sentence.end]`, no white space at its ends.

    Raises:
        NotAligned: the text is not in NFC; cleaned text always is.
    """
    if not unicodedata.is_normalized("NFC", text):
        raise NotAligned("the text is not in Unicode NFC, which underthesea would rewrite; clean it first")
    sentences: list[Sentence] = []
    offset = 0
    for line in text.split("\n"):
        at = offset
        for printed in _underthesea().sent_tokenize(line):
            at = text.index(printed, at)
            end = at + len(printed)
            sentences.append(Sentence(len(sentences), at, end, printed, (), ()))
            at = end
        offset += len(line) + 1
    return tuple(sentences)


def annotate(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """Return the sentences with tokens, parts of speech and entities (underthesea's CRF models)."""
    return tuple(_annotated(sentence) for sentence in sentences)


def models() -> str:
    """Return the name and version of what annotates, for the tables' stage versions."""
    from importlib.metadata import version

    return f"underthesea {version('underthesea')}"


@functools.cache
def _underthesea() -> Any:
    import underthesea

    return underthesea


def _annotated(sentence: Sentence) -> Sentence:
    tokens: list[Token] = []
    tags: list[str] = []
    for start, piece in _pieces(sentence):
        tagged = tag_words(_underthesea().word_tokenize(piece))
        spans = _spans(piece, [row.word for row in tagged])
        for (word_start, word_end), row in zip(spans, tagged, strict=True):
            tokens.append(Token(piece[word_start:word_end], start + word_start, start + word_end, row.pos))
            tags.append(row.entity)
    entities = tuple(_entities(sentence, tokens, tags))
    return replace(sentence, tokens=tuple(tokens), entities=entities)


def _pieces(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """Cut a sentence into (start in the text, piece), all but the last cut at white space where there is some."""
    rest, start = sentence.text, sentence.start
    while len(rest) > MAX_TAGGED_CHARACTERS:
        cut = rest.rfind(" ", 1, MAX_TAGGED_CHARACTERS)
        cut = cut if cut > 0 else MAX_TAGGED_CHARACTERS
        yield start, rest[:cut]
        rest, start = rest[cut:], start + cut
    yield start, rest


def _spans(piece: str, words: list[str]) -> list[tuple[int, int]]:
    """Return where each of the tagger's words stands in the piece.

    Raises:
        NotAligned: when the words are not the piece's own regex tokens joined, in order.
    """
    from underthesea.pipeline.text_normalize.token_normalize import token_normalize
    from underthesea.pipeline.word_tokenize.regex_tokenize import tokenize

    # cut as underthesea cuts, but neither unified nor normalised: these are the printed characters
    printed = tokenize(piece, use_character_normalize=True, use_token_normalize=False)
    bounds = _printed_bounds(piece, printed)
    spans: list[tuple[int, int]] = []
    taken = 0
    for word in words:
        first, read = taken, ""
        while read != word:
            if taken == len(printed) or len(read) > len(word):
                raise NotAligned(f"{word!r} of the tagger's answer is not in {piece[:80]!r}")
            read = f"{read} {token_normalize(printed[taken])}" if read else token_normalize(printed[taken])
            taken += 1
        spans.append((bounds[first][0], bounds[taken - 1][1]))
    return spans


def _printed_bounds(piece: str, printed: list[str]) -> list[tuple[int, int]]:
    """Return start and end of each regex token in the piece; every character but white space belongs to one.

    underthesea unifies some characters before it cuts (one for one), so tokens are found by their length.
    """
    bounds: list[tuple[int, int]] = []
    at = 0
    for token in printed:
        while at < len(piece) and piece[at].isspace():
            at += 1
        end = at + len(token)
        if end > len(piece):
            raise NotAligned(f"token {token!r} runs past the end of {piece[:80]!r}")
        bounds.append((at, end))
        at = end
    return bounds


def _entities(sentence: Sentence, tokens: list[Token], tags: list[str]) -> Iterator[Entity]:
    """Join B-X I-X … runs to entities."""
    run: list[Token] = []
    label = ""
    for token, tag in zip(tokens, tags, strict=True):
        if run and tag != f"I-{label}":
            yield _entity(sentence, run, label)
            run = []
        if tag.startswith("B-") or (tag.startswith("I-") and not run):
            run, label = [token], tag[2:]
        elif run:
            run.append(token)
    if run:
        yield _entity(sentence, run, label)


def _entity(sentence: Sentence, run: list[Token], label: str) -> Entity:
    start, end = run[0].start, run[-1].end
    return Entity(start, end, label, sentence.text[start - sentence.start : end - sentence.start])
