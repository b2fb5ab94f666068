"""Processes of other machines: a Dask cluster. Needs the extra `dask`."""

from __future__ import annotations

import asyncio
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import dask
from distributed import Client, LocalCluster, Security, WorkerPlugin
from distributed.comm import connect
from distributed.scheduler import KilledWorker

from pipeline.versions import code_version
from pipeline.workers.child import Child
from pipeline.workers.limits import MEGABYTES_A_WORKER
from pipeline.workers.loop import BatchLost, EngineLost, Future

R = TypeVar("R")
A = TypeVar("A")

# Workers that a batch may lose before it is given up: what it runs in is a child of theirs, so that a worker is lost
# with its machine, hardly ever by a record.
ALLOWED_FAILURES = 3
_SECONDS_TO_ANSWER = 20


@dataclass(frozen=True, slots=True)
class Tls:
    """The files of an encrypted cluster (`tls://…`); what is None is taken from Dask's own configuration."""

    ca_file: Path | None = None
    cert: Path | None = None
    key: Path | None = None

    def security(self) -> Security | None:
        """Return what Dask wants; None leaves it to Dask's configuration."""
        given = {"tls_ca_file": self.ca_file, "tls_client_cert": self.cert, "tls_client_key": self.key}
        named = {name: str(path) for name, path in given.items() if path is not None}
        return Security(**named, require_encryption=True) if named else None


class OtherCode(RuntimeError):
    """A worker's congdoan is another one than the driver's: it would make other rows."""


_own = threading.local()  # a Dask worker with several threads has a child for each


def answer_in_child(payload: bytes, code: str, seconds: float, megabytes: int) -> bytes | BatchLost:
    """Return the pickled answers of a pickled function and batch, or why there are none: the task of a Dask worker.

    A lost batch is returned, not raised: Dask would write each of them, with its trace, into the log of the worker.

    Raises:
        OtherCode: the driver's code is not that of this worker.
    """
    if code != code_version():
        raise OtherCode(f"another version of congdoan than that of the build; install {code} and start the worker anew")
    child: Child | None = getattr(_own, "child", None)
    if child is None or not child.is_alive:
        child = _own.child = Child(megabytes)
    try:
        return child.answer(payload, seconds)
    except BatchLost as lost:
        return lost


class DaskEngine:
    """A Dask cluster, at the address of its scheduler or of this machine's own processes. Use as a context.

    Raises:
        EngineLost: the scheduler does not answer, or no worker is there.
    """

    def __init__(
        self,
        scheduler: str | None = None,
        *,
        workers: int | None = None,
        tls: Tls | None = None,
        megabytes: int = MEGABYTES_A_WORKER,
        seconds_to_answer: float = _SECONDS_TO_ANSWER,
    ) -> None:
        self._megabytes = megabytes
        self._code = code_version()
        # a batch of large pages is no mistake
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
        self._cluster: Any = None
        if scheduler is None:
            self._cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0")
            scheduler = str(self._cluster.scheduler_address)
        self.address = scheduler
        security = (tls.security() if tls else None) or Security()
        try:
            asyncio.run(_reach(self.address, security, seconds_to_answer))
            self._client = Client(self.address, security=security, timeout=seconds_to_answer, set_as_default=False)
            self._client.register_plugin(Unprofiled(), name="congdoan")
            self._client.run_on_scheduler(_bound_failures)
            self._client.wait_for_workers(1, timeout=seconds_to_answer)
        except (OSError, TimeoutError) as error:
            raise EngineLost(f"{self.address}: no scheduler with a worker answers ({_line(error)})") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    @property
    def slots(self) -> int:
        """Two batches a thread of all workers that are there now."""
        threads: int = sum(worker["nthreads"] for worker in self._workers().values())
        return 2 * max(1, threads)

    def submit(self, function: Callable[[list[R]], list[A]], batch: list[R], seconds: float) -> Future:
        """Have the function called with a batch by one of the workers.

        Raises:
            EngineLost: the scheduler is gone.
        """
        if self._client.status not in ("running", "connecting"):
            raise self._gone()
        payload = pickle.dumps((function, batch), pickle.HIGHEST_PROTOCOL)
        return _Answers(self._client.submit(answer_in_child, payload, self._code, seconds, self._megabytes, pure=False))

    def why(self, error: Exception, seconds: float) -> BatchLost:  # noqa: ARG002 - the child has counted them
        """Return why a batch has no answers."""
        if isinstance(error, BatchLost):
            return error
        if isinstance(error, KilledWorker):
            return BatchLost(f"{ALLOWED_FAILURES + 1} workers were lost with it")
        if isinstance(error, OtherCode):
            raise EngineLost(f"{self.address}: {error}") from error
        if isinstance(error, CancelledError):
            raise self._gone() from error
        return BatchLost(f"{type(error).__name__}: {error}")

    def check(self) -> None:
        """Look whether the scheduler and a worker are there; they may have been killed while it was silent."""
        if self._client.status != "running":
            raise self._gone()
        if not self._workers():
            raise EngineLost(f"{self.address}: no worker is left; nothing was committed, start some and run it again")

    def _workers(self) -> dict[str, Any]:
        # a client whose scheduler is gone knows nothing of any
        found: dict[str, Any] = self._client.scheduler_info().get("workers", {})
        return found

    def _gone(self) -> EngineLost:
        return EngineLost(f"{self.address}: the scheduler is gone; nothing was committed, run it again")


class _Answers:
    """A Dask future of pickled answers."""

    def __init__(self, future: Any) -> None:
        self._future = future

    def result(self) -> Any:
        answers = self._future.result()
        if isinstance(answers, BatchLost):
            raise answers
        return pickle.loads(answers)  # noqa: S301 - of our own workers

    def cancel(self) -> None:
        if (
            self._future.client.status == "running"
        ):  # a client whose scheduler is gone has nothing to cancel, and raises
            self._future.cancel()

    def add_done_callback(self, callback: Callable[[Any], Any]) -> None:
        self._future.add_done_callback(lambda _: callback(self))


class Unprofiled(WorkerPlugin):  # type: ignore[misc]
    """Stops a worker's statistical profile, also that of workers that come later."""

    def setup(self, worker: Any) -> None:
        """Stop it."""
        for name in ("profile", "profile-cycle"):
            if name in worker.periodic_callbacks:
                worker.periodic_callbacks[name].stop()


async def _reach(address: str, security: Security, seconds: float) -> None:
    """Try the connection: a client that cannot connect would go on trying when it is closed.

    Raises:
        OSError: nobody answers, or not so.
    """
    try:
        comm = await connect(address, timeout=seconds, **security.get_connection_args("client"))
    except ValueError as error:  # no port, another scheme
        raise OSError(f"{error}; written as tcp://host:8786 or tls://host:8786") from error
    except TypeError as error:  # of tls: without certificates
        raise OSError("tls:// needs --tls-ca-file, --tls-cert and --tls-key, or Dask's configuration") from error
    except RuntimeError as error:  # tcp: where tls: is asked for
        raise OSError(str(error)) from error
    comm.abort()


def _bound_failures(dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = ALLOWED_FAILURES


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
