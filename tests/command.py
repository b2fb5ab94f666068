"""The command `congdoan` as its user's line calls it: in this process, or in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from pipeline.cli import run


def called(*words: object, folder: Path | None = None) -> CompletedProcess[str]:
    """Run `congdoan WORDS` in this process, far from the corpus of whoever runs the tests, with nobody to ask."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as here, redirect_stdout(out), redirect_stderr(err):
        here.setattr(sys, "argv", ["congdoan", *map(str, words)])
        here.setattr(sys, "stdin", io.StringIO())
        for name in _own_variables():
            here.delenv(name)
        if folder is not None:
            here.chdir(folder)
        try:
            run()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
    return CompletedProcess(words, code, out.getvalue(), err.getvalue())


def started(
    *words: object, given: bytes | None = None, limit: Callable[[], None] | None = None
) -> CompletedProcess[str]:
    """Run `congdoan WORDS` as its own process; `given` comes on its standard input, `limit` is set before it begins."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *map(str, words)],
        input=given,
        capture_output=True,
        env={name: value for name, value in os.environ.items() if name not in _own_variables()},
        preexec_fn=limit,
        timeout=120,
    )
    return CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def _own_variables() -> list[str]:
    return [name for name in os.environ if name.startswith("CONGDOAN_")]
