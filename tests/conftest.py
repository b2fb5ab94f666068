"""One small corpus for all tests that only read tables, and a fresh paper for those that change one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from vinhkhe import Built, built_corpus

from crawler.sites import Sites
from pipeline import announcements
from pipeline.query import Corpus, open_corpus

# The suite tries the same examples every time, so that a red run means a change; `make explore` tries others.
# No example has a deadline, nor the making of them: how long that takes says how busy the machine is.
busy = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("steady", derandomize=True, database=None, **busy)
settings.register_profile("explore", print_blob=True, **busy)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(autouse=True)
def nobody_lists_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits need not wait for readers who list folders; a test that has such readers starts them itself."""
    monkeypatch.setattr(announcements, "SECONDS_TO_LIST", 0.0)


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
