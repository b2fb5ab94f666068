"""A real cluster, of processes on loopback addresses, makes the rows that one machine makes, whatever dies of it."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bad_records import GROWS, GROWTH_MEGABYTES, HANGS, KILLS, RAISES, doubled
from vinhkhe import Built

from pipeline.build import build
from pipeline.snapshots import Snapshot
from pipeline.workers import EngineLost, Failure, map_records

distributed = pytest.importorskip("distributed", reason="the extra dask is not installed")

from pipeline.workers.cluster import DaskEngine, OtherCode, Tls, answer_in_child  # noqa: E402

pytestmark = pytest.mark.slow

_SECONDS_TO_START = 90
_HERE = Path(__file__).parent


@dataclass
class Cluster:
    """A scheduler and two nodes, each a process group of its own: `dask worker` with its workers and their children."""

    address: str
    nodes: list[subprocess.Popen[bytes]]

    def workers(self, node: int) -> list[int]:
        """Return the process numbers of a node's workers."""
        return [pid for pid in _children(self.nodes[node].pid) if "spawn_main" in _command(pid)]

    def kill_node(self, node: int) -> None:
        """Kill all processes of a node at once."""
        os.killpg(self.nodes[node].pid, signal.SIGKILL)
        self.nodes[node].wait()


def _children(pid: int) -> list[int]:
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in _read(task / "children").split()]


def _command(pid: int) -> str:
    return _read(Path(f"/proc/{pid}/cmdline"))


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:  # it has ended
        return ""


def search_path() -> str:
    """Return where workers find congdoan and the work of the tests."""
    return os.pathsep.join([str(_HERE), str(_HERE.parent), os.environ.get("PYTHONPATH", "")])


def start(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start a part of the cluster in a process group of its own."""
    with (folder / f"{arguments[0]}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments, "--no-dashboard"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": search_path(), "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    file = folder / "scheduler.json"
    parts = [start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), folder=folder)]
    try:
        for node in (2, 3):
            at = ["--host", f"127.0.0.{node}", "--nworkers", str(4 - node), "--nthreads", "1"]
            parts.append(start("worker", "--scheduler-file", str(file), *at, folder=folder))
        with distributed.Client(scheduler_file=str(file), timeout=_SECONDS_TO_START, set_as_default=False) as client:
            client.wait_for_workers(3, timeout=_SECONDS_TO_START)
            address = client.scheduler.address
        yield Cluster(address, parts[1:])
    finally:
        for part in parts:
            if part.poll() is None:
                os.killpg(part.pid, signal.SIGKILL)
                part.wait()


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


def rows(corpus: Path) -> dict[tuple[str, str], str]:
    """Return the digest of every file of the tables."""
    return {(table, str(file.partition)): file.sha256 for table, file in Snapshot.committed(corpus).all_files()}


def test_rows_are_the_same_though_a_worker_and_then_a_whole_node_is_killed(
    cluster: Cluster, built: Built, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for corpus in (here, there):
        shutil.copytree(built.corpus / "archive", corpus / "archive")
        shutil.copytree(built.corpus / "runs", corpus / "runs") if (built.corpus / "runs").is_dir() else None
    build(here, built.sites, workers=2)
    with Sabotaged(cluster) as engine:
        report = build(there, built.sites, engine=engine)
    assert engine.handed_out > 5
    assert cluster.nodes[1].poll() is not None
    assert report.failed == 0
    assert rows(there) == rows(here)


def test_another_version_of_the_code_is_refused_and_no_record_blamed(cluster: Cluster) -> None:
    payload = pickle.dumps((doubled, [1]))
    with pytest.raises(OtherCode) as refused:
        answer_in_child(payload, "0123456789ab", 1.0, 500)
    with DaskEngine(cluster.address) as engine, pytest.raises(EngineLost, match="another version of congdoan"):
        engine.why(refused.value, 1.0)


def test_a_scheduler_that_is_not_there_is_one_line() -> None:
    with pytest.raises(EngineLost, match=r"tcp://127\.0\.0\.1:9: no scheduler with a worker answers"):
        DaskEngine("tcp://127.0.0.1:9", seconds_to_answer=2.0)


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
