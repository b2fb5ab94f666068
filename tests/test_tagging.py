"""Our taggers say what underthesea says, word by word: only the way its features are built differs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from underthesea import ner, word_tokenize

from pipeline.demo.newspaper import PAPERS, read_paper
from pipeline.nlp import split_sentences
from pipeline.tagging import tag_words


def ours(sentence: str) -> list[tuple[str, str, str, str]]:
    return [(row.word, row.pos, row.chunk, row.entity) for row in tag_words(word_tokenize(sentence))]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_fifth_sentence_of_the_demo_papers_is_tagged_as_by_underthesea(paper: str) -> None:
    sentences = [sentence.text for article in read_paper(paper) for sentence in split_sentences(article.text())][::5]
    assert len(sentences) > 100
    for sentence in sentences:
        assert ours(sentence) == ner(sentence)


@pytest.mark.parametrize(
    "sentence", ["", " ", "a", "Hà Nội", "...", "12.370 sáng kiến", "Th.S Đỗ Thị Nhiên", "ĐẠI HỘI XIII"]
)
def test_short_and_odd_sentences_are_tagged_as_by_underthesea(sentence: str) -> None:
    assert ours(sentence) == (ner(sentence) if word_tokenize(sentence) else [])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60).filter(lambda text: bool(word_tokenize(text))))
def test_any_text_is_tagged_as_by_underthesea(text: str) -> None:
    assert ours(text) == ner(text)
