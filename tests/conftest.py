"""One small corpus for all tests that only read tables, and a fresh paper for those that change one."""

from __future__ import annotations

from pathlib import Path

import pytest
from vinhkhe import Built, built_corpus

from crawler.sites import Sites
from pipeline.query import Corpus, open_corpus


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The corpus of tin.vinhkhe.vn after two days; read it, never write to it (copy it first)."""
    return built_corpus(tmp_path_factory.mktemp("vinhkhe") / "corpus")


@pytest.fixture
def corpus(built: Built) -> Corpus:
    return open_corpus(built.corpus)


@pytest.fixture
def sites(tmp_path: Path) -> Sites:
    """The shipped profiles and that of tin.vinhkhe.vn."""
    from vinhkhe import write_profile

    return Sites((write_profile(tmp_path / "profiles"),))
