"""One small corpus, and one demo, for all tests that only read tables; a fresh paper for those that change one."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import NamedTuple

import pytest
from command import started
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


class Demo(NamedTuple):
    """The corpus that `make demo` leaves behind, and what it printed."""

    corpus: Path
    printed: str


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo, played once for all processes that run the tests; read it, never write to it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # that of the run; without it the parent is older runs', too
    printed = folder / "demo.txt"
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not printed.exists():
            done = started("demo", "--corpus", folder / "demo")
            assert done.returncode == 0, done.stderr
            printed.write_text(done.stdout, encoding="utf-8")
    return Demo(folder / "demo", printed.read_text(encoding="utf-8"))


@pytest.fixture
def corpus(built: Built) -> Corpus:
    return open_corpus(built.corpus)


@pytest.fixture
def sites(tmp_path: Path) -> Sites:
    """The shipped profiles and that of tin.vinhkhe.vn."""
    from vinhkhe import write_profile

    return Sites((write_profile(tmp_path / "profiles"),))
