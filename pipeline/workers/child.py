"""A process of a Dask worker's own, in which the work is done.

Dask has no time limit for a task, retries a batch that kills its worker on the next worker, and what holds the
interpreter lock keeps a worker from answering its scheduler. So the worker only waits; its child may crash, hang or
grow, and the worker says how it ended.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from pipeline.workers.limits import death, late, watch
from pipeline.workers.loop import BatchLost


class Child:
    """A process that answers one payload after the other, until one ends it."""

    def __init__(self, megabytes: int) -> None:
        self._megabytes = megabytes
        self._connection, there = Pipe()
        given = [str(there.fileno()), str(os.getpid()), str(megabytes)]
        self._process = subprocess.Popen(  # noqa: S603 - this very module
            [sys.executable, "-m", "pipeline.workers.child", *given], pass_fds=[there.fileno()]
        )
        there.close()
        self._connection.recv_bytes()  # it is ready; no record's time is spent on its start

    @property
    def is_alive(self) -> bool:
        """Whether it can be given something."""
        return self._process.poll() is None

    def answer(self, payload: bytes, seconds: float) -> bytes:
        """Return the pickled answers of a pickled function and batch.

        Raises:
            BatchLost: it raised, died, grew too large or took too long; in the last three cases it is no more.
        """
        try:
            self._connection.send_bytes(payload)
            if not self._connection.poll(seconds):
                self._process.kill()
                self._process.wait()
                raise BatchLost(late(seconds))
            is_well, answer = pickle.loads(self._connection.recv_bytes())  # noqa: S301 - of our own child
        except (EOFError, OSError) as error:
            raise BatchLost(*death(self._process.wait(), self._megabytes)) from error
        if not is_well:
            raise BatchLost(answer)
        answers: bytes = answer
        return answers


def main(descriptor: int, parent: int, megabytes: int) -> None:
    """Answer until the parent ends."""
    watch(parent, megabytes)
    connection: Connection[bytes, bytes] = Connection(descriptor)
    connection.send_bytes(b"ready")
    while True:
        try:
            payload = connection.recv_bytes()
        except EOFError:
            return
        connection.send_bytes(_answer(payload))


def _answer(payload: bytes) -> bytes:
    try:
        function, batch = pickle.loads(payload)  # noqa: S301 - of the driver, whose work a worker is there to do
        return pickle.dumps((True, pickle.dumps(function(batch), pickle.HIGHEST_PROTOCOL)))
    except Exception as error:  # noqa: BLE001 - it is the driver that finds the record at fault
        return pickle.dumps((False, f"{type(error).__name__}: {error}"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
