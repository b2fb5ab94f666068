"""What ends a worker that must not live on: a parent that is gone, or too much memory."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

MEGABYTES_A_WORKER = 1536  # resident; the largest page known takes 264 MB, the models and all words ever seen 332 MB
OVERSIZED = 76  # exit code of a worker that has grown too large
SECONDS_BETWEEN_LOOKS = 0.25  # how long a worker may outlive a build that was killed

_PAGES = Path("/proc/self/statm")
_BYTES_A_PAGE = os.sysconf("SC_PAGE_SIZE")


def watch(parent: int, megabytes: int) -> None:
    """End this process when its parent has ended (by `kill -9` it would wait for ever) or it has grown too large."""
    threading.Thread(target=_look, args=[parent, megabytes], name="limits", daemon=True).start()


def _look(parent: int, megabytes: int) -> None:
    while os.getppid() == parent:
        if resident_megabytes() > megabytes:
            os._exit(OVERSIZED)
        time.sleep(SECONDS_BETWEEN_LOOKS)
    os._exit(1)


def resident_megabytes() -> int:
    """Return this process' resident memory; 0 where the system does not tell (it is Linux that does)."""
    try:
        return int(_PAGES.read_text().split()[1]) * _BYTES_A_PAGE >> 20
    except OSError:
        return 0


def late(seconds: float) -> str:
    """Return what to say of a worker that was stopped at its time limit."""
    return f"no answer in {seconds:.0f} s"


def death(exit_code: int | None, megabytes: int) -> tuple[str, bool]:
    """Return what to say of a worker that died, and whether it had grown too large."""
    if exit_code == OVERSIZED:
        return f"the worker grew over {megabytes} MB", True
    return f"the worker died (exit code {exit_code})", False
