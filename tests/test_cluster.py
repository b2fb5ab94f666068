"""A real cluster, of processes on loopback addresses, makes the rows that one machine makes, whatever dies of it."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bad_records import GROWS, GROWTH_MEGABYTES, HANGS, KILLS, RAISES, doubled
from vinhkhe import Built

from pipeline.build import build
from pipeline.pieces import Piece
from pipeline.snapshots import Snapshot
from pipeline.workers import EngineLost, Failure, map_records

distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")

from loopback_cluster import Cluster, loopback_cluster, search_path  # noqa: E402

from pipeline.workers.cluster import DaskEngine, OtherCode, Tls, answer_in_child  # noqa: E402

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with loopback_cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def test_a_record_that_kills_raises_hangs_or_grows_costs_only_itself_on_a_cluster_too(cluster: Cluster) -> None:
    limit = GROWTH_MEGABYTES  # and the code that is loaded
    with DaskEngine(cluster.address, megabytes=limit) as engine:
        answers = list(map_records(doubled, range(10, 30), engine, seconds=10.0, size=2))
    failures = {answer.record: answer.detail for answer in answers if isinstance(answer, Failure)}
    assert failures == {
        KILLS: "the worker died (exit code 3)",
        RAISES: "ZeroDivisionError: số mười bảy",
        HANGS: "no answer in 10 s",
        GROWS: f"the worker grew over {limit} MB",
    }
    numbers = sorted(answer for answer in answers if not isinstance(answer, Failure))
    assert numbers == [2 * number for number in range(10, 30) if number not in failures]


class Sabotaged(DaskEngine):
    """A cluster of which a worker is killed while the first batches are being worked on, and later a whole node."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(cluster.address)
        self.cluster = cluster
        self.handed_out = 0

    def submit(self, function: Any, batch: list[Any], seconds: float) -> Any:
        future = super().submit(function, batch, seconds)
        self.handed_out += 1
        if self.handed_out == 2:
            os.kill(self.cluster.workers(0)[0], signal.SIGKILL)
        if self.handed_out == 5:
            self.cluster.kill_node(1)
        return future


def rows(corpus: Path) -> dict[tuple[str, str, Piece], str]:
    """Return the digest of every file of the tables."""
    listed = Snapshot.committed(corpus).all_files()
    return {(table, str(file.partition), file.piece): file.sha256 for table, file in listed}


def test_rows_are_the_same_though_a_worker_and_then_a_whole_node_is_killed(
    cluster: Cluster, built: Built, tmp_path: Path
) -> None:
    here, there = archive_of(built, tmp_path / "here"), archive_of(built, tmp_path / "there")
    build(here, built.sites, workers=2)
    with Sabotaged(cluster) as engine:
        report = build(there, built.sites, engine=engine)
    assert engine.handed_out > 5
    assert cluster.nodes[1].poll() is not None
    assert report.failed == 0
    assert rows(there) == rows(here)


def archive_of(built: Built, corpus: Path) -> Path:
    """Return a corpus that has the archive and the run log, and no tables."""
    for name in ("archive", "runs"):
        if (built.corpus / name).is_dir():
            shutil.copytree(built.corpus / name, corpus / name)
    return corpus


class Headless(DaskEngine):
    """A cluster whose scheduler is killed while the third batch is on its way."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__(cluster.address)
        self.cluster = cluster
        self.handed_out = 0

    def submit(self, function: Any, batch: list[Any], seconds: float) -> Any:
        self.handed_out += 1
        if self.handed_out == 3:
            self.cluster.kill_scheduler()
        return super().submit(function, batch, seconds)


def test_another_version_of_the_code_is_refused_and_no_record_blamed(cluster: Cluster) -> None:
    payload = pickle.dumps((doubled, [1]))
    with pytest.raises(OtherCode) as refused:
        answer_in_child(payload, "0123456789ab", 1.0, 500)
    with DaskEngine(cluster.address) as engine, pytest.raises(EngineLost, match="another version of congdoan"):
        engine.why(refused.value, 1.0)


def test_a_scheduler_killed_in_mid_build_leaves_the_last_snapshot_and_the_next_build_finishes(
    cluster: Cluster, built: Built, tmp_path: Path
) -> None:
    corpus = archive_of(built, tmp_path / "corpus")
    others = sorted(corpus.glob("archive/*/*.warc.gz"))[1:]
    for other in others:
        other.rename(other.with_suffix(".later"))
    build(corpus, built.sites, workers=2)
    before = rows(corpus)
    for other in others:
        other.with_suffix(".later").rename(other)
    with Headless(cluster) as engine, pytest.raises(EngineLost, match="the scheduler is gone; nothing was committed"):
        build(corpus, built.sites, engine=engine, all_anew="it is to be built anew")
    assert cluster.scheduler.poll() is not None
    assert rows(corpus) == before
    assert [path.name for path in (corpus / "snapshots").iterdir()] == ["000001"]
    build(corpus, built.sites, workers=2)
    whole = archive_of(built, tmp_path / "whole")
    build(whole, built.sites, workers=2)
    assert rows(corpus) == rows(whole)


def test_a_scheduler_that_is_not_there_is_one_line() -> None:
    with pytest.raises(EngineLost, match=r"tcp://127\.0\.0\.1:9: no scheduler with a worker answers"):
        DaskEngine("tcp://127.0.0.1:9", seconds_to_answer=2.0)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nonsense", "missing port number.*; written as tcp://host:8786 or tls://host:8786"),
        ("http://127.0.0.1:8786", "; written as tcp://host:8786 or tls://host:8786"),
        ("tcp://127.0.0.1:cổng", "; written as tcp://host:8786 or tls://host:8786"),
        ("tls://127.0.0.1:9", "tls:// needs --tls-ca-file, --tls-cert and --tls-key"),
    ],
)
def test_an_address_that_is_none_is_one_line_and_says_how_it_is_written(address: str, said: str) -> None:
    with pytest.raises(EngineLost, match=f"{address}: no scheduler with a worker answers .*{said}"):
        DaskEngine(address, seconds_to_answer=2)


def test_an_encrypted_cluster_is_joined_by_its_files_and_not_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", search_path())  # of the workers
    security = distributed.Security.temporary()
    files = {name: tmp_path / f"{name}.pem" for name in ("tls_ca_file", "tls_client_cert", "tls_client_key")}
    for name, path in files.items():
        path.write_text(getattr(security, name))
    tls = Tls(files["tls_ca_file"], files["tls_client_cert"], files["tls_client_key"])
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, security=security, dashboard_address="127.0.0.1:0"
    ) as encrypted:
        assert encrypted.scheduler_address.startswith("tls://")
        with DaskEngine(encrypted.scheduler_address, tls=tls) as engine:
            assert sorted(map_records(doubled, [1, 2, 3], engine)) == [2, 4, 6]
        with pytest.raises(EngineLost):
            DaskEngine(encrypted.scheduler_address, seconds_to_answer=2.0)
