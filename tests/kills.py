"""Commits that are killed at every touch of the disk, each in a child of one process of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# Each child commits one more state and kills itself at its n-th touch of the disk; the last one lives.
KILLED_AT_EVERY_STEP = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from {module} import before_a_kill, commit_or_die, said_after

corpus = Path({corpus!r})
commit_or_die(corpus, 0)
TOUCHES = {{"open", "os.mkdir", "os.rename", "os.link", "os.symlink", "os.remove", "os.rmdir", "os.scandir"}}
left = 0

def die_at_the_end(event, arguments):
    global left
    if event in TOUCHES:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

for step in range(1, 1000):
    before_a_kill(corpus)
    child = os.fork()
    if child == 0:
        left = step
        sys.addaudithook(die_at_the_end)
        commit_or_die(corpus, step)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print(step, *said_after(corpus), "killed" if status else "done", flush=True)
    if not status:
        break
"""


def killed_at_every_step(corpus: Path, module: str) -> list[list[str]]:
    """Return of each child its number, what was said after it, and whether it was killed or done.

    Args:
        module: a module of the tests with `commit_or_die(corpus, number)`, which commits a state, with what is to be
            done before each child, `before_a_kill(corpus)`, and with what the corpus says then, `said_after(corpus)`.
    """
    script = KILLED_AT_EVERY_STEP.format(tests=str(Path(__file__).parent), module=module, corpus=str(corpus))
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, timeout=120)
    assert done.stderr == ""
    return [line.split() for line in done.stdout.splitlines()]
