"""Which underthesea is installed, and whether its files are ones whose answers the fast path is proven to give."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
from importlib.metadata import version
from pathlib import Path

# all that decides an answer: the models, the rules, and the code that turns a text into features
DECIDING_FILES = (
    "models/fast_crf_sequence_tagger.py",
    "pipeline/ner/model_crf.py",
    "pipeline/ner/ner_crf_2017_10_12.bin",
    "pipeline/ner/tagged_feature.py",
    "pipeline/pos_tag/model_crf.py",
    "pipeline/pos_tag/pos_crf_2017_10_11.bin",
    "pipeline/pos_tag/tagged_feature.py",
    "pipeline/sent_tokenize/__init__.py",
    "pipeline/sent_tokenize/punkt_params.json",
    "pipeline/text_normalize/character_normalize.py",
    "pipeline/text_normalize/text_normalizer.py",
    "pipeline/text_normalize/tn_rules_2023_07_14.bin",
    "pipeline/text_normalize/token_normalize.py",
    "pipeline/word_tokenize/__init__.py",
    "pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727/dictionary.bin",
    "pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727/features.bin",
    "pipeline/word_tokenize/models/ws_crf_vlsp2013_20230727/models.bin",
    "pipeline/word_tokenize/regex_tokenize.py",
)
# digests of installations that `congdoan check nlp` has found to be answered bit for bit
PROVEN = {
    "08178feb741bb6256495dad81ba6c6fb57eeb6c88eb7cce61f51b387bf0e6cb7": "underthesea 9.5.0 with underthesea_core 3.3.2",
}


def models() -> str:
    """Return the name and version of what annotates, for the tables' stage versions."""
    return f"underthesea {version('underthesea')}"


def package_folder() -> Path:
    """Return where underthesea is installed; it is not imported, which takes half a second.

    Raises:
        ModuleNotFoundError: underthesea is not installed.
    """
    spec = importlib.util.find_spec("underthesea")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("underthesea is not installed; install congdoan with its dependencies")
    return Path(next(iter(spec.submodule_search_locations)))


@functools.cache
def installed_digest() -> str:
    """Return the SHA-256 of the deciding files and of the version of underthesea_core, whose Viterbi it is.

    A file that is not there counts as empty: such an installation is simply not a proven one.
    """
    folder = package_folder()
    total = hashlib.sha256(f"underthesea_core {version('underthesea_core')}\n".encode())
    for name in DECIDING_FILES:
        total.update(f"{name} {_digest(folder / name)}\n".encode())
    return total.hexdigest()


def _digest(path: Path) -> str:
    """Return the digest of a file of up to 10 MB without holding it, which takes longer than to read it."""
    if not path.is_file():
        return hashlib.sha256().hexdigest()
    with path.open("rb", buffering=0) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
