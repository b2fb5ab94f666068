"""The fast models say what underthesea says, bit for bit, from wherever their tables come."""

from __future__ import annotations

import itertools
import json
import os
import resource
import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from cpu_time import is_within
from hypothesis import given, settings
from hypothesis import strategies as st
from underthesea import ner, pos_tag, sent_tokenize, word_tokenize

from pipeline.demo.newspaper import PAPERS, read_paper
from pipeline.nlp import SlowModels, Tagged, annotate, plain, split_sentences, tag
from pipeline.nlp.build_tables import build_tables
from pipeline.nlp.cache import NotTables, cache_folder, load_tables, read_tables, tables_path, write_tables
from pipeline.nlp.clear_labels import ClearLabels
from pipeline.nlp.comparison import differences, odd_sentences
from pipeline.nlp.crfsuite import ModelNotRead, read_model
from pipeline.nlp.installed import PROVEN, installed_digest
from pipeline.nlp.models import FastReader, NotOffered, PlainReader, reader_for
from pipeline.nlp.reading import Reading
from pipeline.nlp.runtime import Runtime
from pipeline.nlp.tables import Tables
from pipeline.nlp.two_labels import best_of_two, second_of_two
from pipeline.nlp.viterbi import best_labels

SHARED = Path(__file__).parents[2] / "shared"


def own_sentences(paper: str) -> list[str]:
    return [sentence.text for article in read_paper(paper) for sentence in split_sentences(article.text())]


def rows(answer: Tagged) -> list[tuple[str, str, str]]:
    return list(zip(answer.words, answer.pos, answer.entities, strict=True))


def underthesea_rows(sentence: str) -> list[tuple[str, str, str]]:
    """`underthesea.ner` without its chunks; it raises on a sentence without words."""
    return [(word, pos, entity) for word, pos, _, entity in ner(sentence)] if word_tokenize(sentence) else []


# --------------------------------------------------------------------------- the same answers
@pytest.mark.parametrize("paper", PAPERS)
def test_every_eighth_sentence_of_the_demo_papers_is_tagged_as_by_underthesea(paper: str) -> None:
    sentences = own_sentences(paper)[::8]
    assert len(sentences) > 90
    assert [rows(answer) for answer in tag(sentences)] == list(map(underthesea_rows, sentences))


def test_odd_sentences_are_tagged_as_by_underthesea() -> None:
    compared = list(differences(itertools.islice(odd_sentences(own_sentences(PAPERS[0]), seed=1), 800)))
    assert len(compared) == 800
    assert [difference for difference in compared if difference] == []


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_any_text_is_tagged_as_by_underthesea(text: str) -> None:
    assert rows(tag([text])[0]) == underthesea_rows(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        " ",
        "a",
        "Hà Nội",
        "...",
        "12.370 sáng kiến",
        "Th.S Đỗ Thị Nhiên",
        "bà Th s Nhiên",
        "ĐẠI HỘI XIII",
        "BOS EOS",
    ],
)
def test_short_and_odd_sentences_are_tagged_as_by_underthesea(sentence: str) -> None:
    assert rows(tag([sentence])[0]) == underthesea_rows(sentence)


def test_small_letters_younger_than_pythons_unicode_are_no_title_case() -> None:
    # underthesea_core knows the capital of ƛ (Unicode 16); Python 3.11 does not
    for sentence in ("ông ƛanh ɤng nói", "Ông Nguyễn ƛ \U00010d70 Văn"):
        assert rows(tag([sentence])[0]) == underthesea_rows(sentence)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_demo_papers_are_split_as_by_underthesea(paper: str) -> None:
    for article in read_paper(paper):
        lines = article.text().split("\n")
        ours = [sentence.text for sentence in split_sentences(article.text())]
        assert ours == [sentence for line in lines for sentence in sent_tokenize(line)]


@settings(max_examples=300)
@given(st.text(st.sampled_from("aT1ạĐ.?!…  \t\r\u00a0(”"), max_size=40) | st.text(max_size=30))
def test_any_line_is_split_as_by_underthesea(text: str) -> None:
    line = text.replace("\n", "")
    assert [sentence.text for sentence in split_sentences(line)] == sent_tokenize(line)


def test_abbreviations_end_no_sentence() -> None:
    lines = [
        "GS. TS. Đỗ Văn Nề ở Tp. Vĩnh Khê. Ông v.v. Hết",
        "aa.bb.Th. x",
        "Hết... rồi... Ừ.. . a.b.c.d",
        "th.th..th.",
    ]
    for line in lines:
        assert [sentence.text for sentence in split_sentences(line)] == sent_tokenize(line)


@pytest.mark.shared
@pytest.mark.timeout(600)
def test_the_texts_in_the_shared_folder_are_read_as_by_underthesea() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((SHARED / "seeds").glob("*.txt"))]
    for path in sorted((SHARED / "gold").glob("*.jsonl")):
        texts += [json.loads(line).get("text") or "" for line in path.read_text(encoding="utf-8").splitlines()]
    composed = [unicodedata.normalize("NFC", text) for text in texts]
    sentences = list(dict.fromkeys(one.text for text in composed for one in split_sentences(text)))
    assert len(sentences) > 500
    assert [difference for difference in differences(sentences) if difference] == []


# --------------------------------------------------------------------------- the two paths
def test_a_version_that_nobody_compared_is_read_by_its_own_functions_with_a_warning() -> None:
    with pytest.warns(SlowModels, match="its own functions are used"):
        reader = reader_for("another version")
    assert isinstance(reader, PlainReader)
    with pytest.raises(NotOffered, match="as_trained"):
        reader_for("another version", Reading(tones="as_trained"))
    line = "Ông Nguyễn Văn Nam đến Hà Nội. Bà Hoà về."
    assert [line[start:end] for start, end in reader.split(line)] == sent_tokenize(line)
    assert list(reader.read([line])) == tag([line])


@pytest.mark.slow
def test_a_version_made_otherwise_annotates_all_the_same_and_says_so_once(tmp_path: Path) -> None:
    (tmp_path / "underthesea").mkdir()
    (tmp_path / "underthesea" / "__init__.py").write_text(
        "def sent_tokenize(text): return [text]\n"
        "def word_tokenize(text): return text.split()\n"
        "def ner(text): return [(word, 'N', 'B-NP', 'O') for word in text.split()]\n",
        encoding="utf-8",
    )
    code = "from pipeline.nlp import tag; print([tag([text])[0].words for text in ('Hà Nội', 'Vĩnh Khê')])"
    surroundings = {**os.environ, "PYTHONPATH": str(tmp_path), "CONGDOAN_CACHE": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=surroundings, capture_output=True, text=True, timeout=60)
    assert done.stdout == "[['Hà', 'Nội'], ['Vĩnh', 'Khê']]\n"
    assert done.stderr.count("SlowModels") == 1
    check = [sys.executable, "-W", "ignore", "-m", "pipeline.cli", "check", "nlp", "--sentences", "3"]
    done = subprocess.run(check, env=surroundings, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "is not made as the versions that can be read quickly" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_the_installed_version_is_one_that_was_compared() -> None:
    assert installed_digest() in PROVEN
    assert isinstance(reader_for(installed_digest()), FastReader)


@pytest.mark.parametrize(
    "text",
    [
        "Tổ hoà giải nghành may, bíết ðâu-ðó Ð&Ð",
        unicodedata.normalize("NFD", "Tổ hoà giải nghành may"),
        "Công đoàn \ud800 Vĩnh Khê",
        "",
    ],
)
def test_the_plain_path_gives_the_same_words_at_the_same_places(text: str) -> None:
    assert list(plain.read([text])) == tag([text])


def test_words_that_are_not_the_text_are_refused() -> None:
    with pytest.raises(plain.NotAligned, match="is not in"):
        plain.word_spans("Công đoàn", ["Công đoàn", "."])
    with pytest.raises(plain.NotAligned, match="end before"):
        plain.word_spans("Công đoàn Vĩnh Khê", ["Công đoàn"])


def test_words_and_parts_of_speech_can_be_asked_for_alone() -> None:
    sentence = own_sentences(PAPERS[0])[3]
    runtime = Runtime(load_tables(cache_folder()))
    (words,), (pos,) = list(runtime.read([sentence], "words")), list(runtime.read([sentence], "pos"))
    assert (words.words, words.pos, words.entities) == (word_tokenize(sentence), [], [])
    assert (list(zip(pos.words, pos.pos, strict=True)), pos.entities) == (pos_tag(sentence), [])


def test_what_was_learnt_is_forgotten_without_a_trace() -> None:
    sentences = own_sentences(PAPERS[0])[:300]
    forgetful = Runtime(load_tables(cache_folder()), kept_characters=500, kept_words=100)
    answers = [answer for sentence in sentences for answer in forgetful.read([sentence])]
    assert answers == tag(sentences)


# --------------------------------------------------------------------------- the tables and their file
@pytest.fixture(scope="module")
def tables() -> Tables:
    return build_tables()


def test_tables_are_read_as_they_were_written(tables: Tables, tmp_path: Path) -> None:
    write_tables(tables, tmp_path / "cache" / "a.tables")
    read = read_tables(tmp_path / "cache" / "a.tables")
    assert dict(read.texts) == dict(tables.texts)
    assert read.arrays.keys() == tables.arrays.keys()
    for name, array in tables.arrays.items():
        assert read.arrays[name].dtype == array.dtype
        assert np.array_equal(read.arrays[name], array)
        assert not read.arrays[name].flags.writeable
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["a.tables"]


def test_a_damaged_or_foreign_file_is_built_anew(tables: Tables, tmp_path: Path) -> None:
    path = tables_path(tmp_path)
    write_tables(tables, path)
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    for damaged in (b"", b"nobody's", whole[:-1], bytes(flipped), whole.replace(b"congdoan", b"somebody", 1)):
        path.write_bytes(damaged)
        with pytest.raises(NotTables):
            read_tables(path)
        path.unlink()
        path.write_bytes(damaged)
    assert load_tables(tmp_path).texts == tables.texts
    assert path.read_bytes() == whole


@pytest.mark.slow
def test_where_nothing_can_be_written_the_tables_are_built_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", "from pipeline.nlp import tag; print(tag(['Hà Nội'])[0].entities)"],
        env={**os.environ, "CONGDOAN_CACHE": str(folder)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.stdout, done.stderr) == ("['B-LOC']\n", "")
    assert list(folder.iterdir()) == []
    (tmp_path / "file").write_text("a file where a folder is wanted", encoding="utf-8")
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        write_tables(Tables({}, {}), tmp_path / "file" / "a.tables")


def test_tables_of_older_versions_do_not_pile_up(tmp_path: Path) -> None:
    for age in range(6):
        old = tmp_path / f"nlp-{age}.tables"
        old.write_bytes(b"")
        os.utime(old, (1_000_000_000 - age, 1_000_000_000 - age))
    (tmp_path / "nlp-9.tables.part").write_bytes(b"")
    os.utime(tmp_path / "nlp-9.tables.part", (1_000_000_000, 1_000_000_000))
    load_tables(tmp_path)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {tables_path(tmp_path).name, "nlp-0.tables", "nlp-1.tables", "nlp-2.tables"}


def test_tables_are_loaded_in_a_moment() -> None:
    load_tables(cache_folder())
    assert is_within(0.5, lambda: Runtime(load_tables(cache_folder())))  # to work them out takes many times that


@pytest.mark.slow
def test_two_processes_may_build_the_same_file_at_once(tmp_path: Path) -> None:
    code = "from pipeline.nlp import tag; print(tag(['Ông Nguyễn Văn Nam đến Hà Nội.'])[0].entities)"
    surroundings = {**os.environ, "CONGDOAN_CACHE": str(tmp_path)}
    started = [
        subprocess.Popen([sys.executable, "-c", code], env=surroundings, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=120)[0] for process in started]
    assert answers[0] == answers[1] == "['O', 'B-PER', 'O', 'B-LOC', 'O']\n"
    (path,) = tmp_path.iterdir()
    read_tables(path)


def test_a_file_that_is_no_model_is_refused() -> None:
    with pytest.raises(ModelNotRead, match="no CRFsuite model"):
        read_model(b"lCRF")


# --------------------------------------------------------------------------- the best labels
def one_by_one(scores: np.ndarray, counts: list[int], transitions: np.ndarray) -> list[int]:  # type: ignore[type-arg]
    """The best labels of each sentence, by the book; of equal ones the first."""
    labels: list[int] = []
    first = 0
    for count in counts:
        total = [scores[first].tolist()]
        for row in scores[first + 1 : first + count].tolist():
            reach = [max(np.array(total[-1]) + transitions[:, label]) for label in range(len(row))]
            total.append([best + own for best, own in zip(reach, row, strict=True)])
        label = int(np.argmax(total[-1]))
        path = [label]
        for row in reversed(total[:-1]):
            label = int(np.argmax(np.array(row) + transitions[:, label]))
            path.append(label)
        labels += reversed(path)
        first += count
    return labels


@settings(max_examples=60)
@given(st.lists(st.integers(1, 7), min_size=1, max_size=5), st.integers(2, 4), st.integers(0, 2**32 - 1), st.booleans())
def test_the_best_labels_are_those_of_one_sentence_at_a_time(
    counts: list[int], labels: int, seed: int, wide: bool
) -> None:
    chance = np.random.default_rng(seed)
    counts = counts * (60 if wide else 1)
    scores = chance.integers(-2, 3, (sum(counts), labels)).astype(float)  # few values: many ties
    transitions = chance.integers(-1, 2, (labels, labels)).astype(float)
    expected = one_by_one(scores, counts, transitions)
    assert best_labels(scores, np.array(counts), transitions).tolist() == expected
    if labels == 2:
        assert best_of_two(scores[:, 0] + 1j * scores[:, 1], np.array(counts), transitions).tolist() == expected


@settings(max_examples=100)
@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=6),
    st.integers(2, 5),
    st.integers(0, 2**32 - 1),
    st.sampled_from([1, 3, 40]),  # transitions that settle most words, some, and none
)
def test_labels_are_called_clear_only_where_no_others_are_as_good(
    counts: list[int], labels: int, seed: int, worth: int
) -> None:
    chance = np.random.default_rng(seed)
    scores = chance.integers(-6, 7, (sum(counts), labels)).astype(float)
    transitions = chance.integers(-worth, worth + 1, (labels, labels)).astype(float)
    found, doubtful = ClearLabels(transitions).of(scores, np.array(counts))
    first = np.array(one_by_one(scores, counts, transitions))  # of ties that with the lower numbers, from the end on
    last = labels - 1 - np.array(one_by_one(scores[:, ::-1], counts, transitions[::-1, ::-1]))
    clear = ~np.repeat(doubtful, counts)
    assert (found == first)[clear].all()
    assert (found == last)[clear].all()
    apart = scores + chance.random(scores.shape)
    found, doubtful = ClearLabels(transitions).of(apart, np.array(counts))
    assert not doubtful.any()
    assert found.tolist() == one_by_one(apart, counts, transitions)


@settings(max_examples=200)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=5), st.integers(0, 2**32 - 1), st.booleans())
def test_margins_choose_as_scores_do_or_say_that_they_are_in_doubt(counts: list[int], seed: int, ties: bool) -> None:
    chance = np.random.default_rng(seed)
    scores, transitions = chance.normal(0, 2, (sum(counts), 2)), chance.normal(0, 1, (2, 2))
    if ties:
        scores, transitions = scores.round(), transitions.round()
    lengths = np.array(counts)
    by_scores = best_of_two(scores[:, 0] + 1j * scores[:, 1], lengths, transitions)
    by_margins, doubtful = second_of_two(scores[:, 1] - scores[:, 0], lengths, transitions)
    sure = ~np.repeat(doubtful, counts)
    assert by_margins[sure].tolist() == by_scores[sure].tolist()
    assert ties or not doubtful.all()


def test_words_by_margins_are_those_by_exact_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = [*own_sentences(PAPERS[0]), *itertools.islice(odd_sentences(own_sentences(PAPERS[0]), seed=2), 2000)]
    by_margins = [answer.words for answer in tag(sentences)]
    monkeypatch.setattr("pipeline.nlp.two_labels._DOUBT", np.inf)
    by_scores = Runtime(load_tables(cache_folder())).read(sentences, "words")
    assert [answer.words for answer in by_scores] == by_margins


def test_annotated_sentences_have_the_words_of_the_tagger() -> None:
    text = "Ông Nguyễn Văn Nam đến Hà Nội."
    (sentence,) = annotate(split_sentences(text))
    assert [token.text for token in sentence.tokens] == tag([text])[0].words
