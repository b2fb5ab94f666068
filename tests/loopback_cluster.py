"""A real Dask cluster of processes on loopback addresses: a scheduler and two nodes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from distributed import Client

_SECONDS_TO_START = 90
_HERE = Path(__file__).parent


@dataclass
class Cluster:
    """A scheduler and two nodes, each a process group of its own: `dask worker` with its workers and their children."""

    address: str
    scheduler: subprocess.Popen[bytes]
    nodes: list[subprocess.Popen[bytes]]

    def workers(self, node: int) -> list[int]:
        """Return the process numbers of a node's workers."""
        return [pid for pid in _children(self.nodes[node].pid) if "spawn_main" in _command(pid)]

    def kill_node(self, node: int) -> None:
        """Kill all processes of a node at once."""
        kill(self.nodes[node])

    def kill_scheduler(self) -> None:
        """Kill the scheduler; the nodes live on."""
        kill(self.scheduler)


def kill(part: subprocess.Popen[bytes]) -> None:
    """Kill a process group."""
    os.killpg(part.pid, signal.SIGKILL)
    part.wait()


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


@contextmanager
def loopback_cluster(folder: Path) -> Iterator[Cluster]:
    """Have a cluster of three workers on two nodes; its logs are in the folder."""
    file = folder / "scheduler.json"
    parts = [start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), folder=folder)]
    try:
        for node in (2, 3):
            at = ["--host", f"127.0.0.{node}", "--nworkers", str(4 - node), "--nthreads", "1"]
            parts.append(start("worker", "--scheduler-file", str(file), *at, folder=folder))
        with Client(scheduler_file=str(file), timeout=_SECONDS_TO_START, set_as_default=False) as client:
            client.wait_for_workers(3, timeout=_SECONDS_TO_START)
            address = client.scheduler.address
        yield Cluster(address, parts[0], parts[1:])
    finally:
        for part in parts:
            if part.poll() is None:
                kill(part)
