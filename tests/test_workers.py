"""One record that dies, hangs or raises costs one record, and a build that is killed leaves no worker behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.workers import Failure, map_records

pytestmark = pytest.mark.slow


def doubled(numbers: list[int]) -> list[int]:
    """Double the numbers; 13 kills its worker, 17 raises, 19 never ends."""
    for number in numbers:
        if number == 13:
            os._exit(3)
        if number == 17:
            raise ZeroDivisionError("số mười bảy")
        if number == 19:
            time.sleep(600)
    return [2 * number for number in numbers]


def test_a_record_that_kills_its_worker_raises_or_hangs_costs_only_itself() -> None:
    given = map_records(doubled, range(40), 2, seconds=1.0)
    answers = list(given)
    failures = {answer.record: answer.detail for answer in answers if isinstance(answer, Failure)}
    assert failures == {
        13: "the worker died (exit code 3)",
        17: "ZeroDivisionError: số mười bảy",
        19: "no answer in 1 s",
    }
    numbers = sorted(answer for answer in answers if not isinstance(answer, Failure))
    assert numbers == [2 * number for number in range(40) if number not in failures]


def test_no_records_give_no_answers() -> None:
    answers = map_records(doubled, [], 2)
    assert list(answers) == []


def test_records_are_read_as_workers_ask_for_them() -> None:
    read = []

    def endless() -> object:
        number = 0
        while True:
            read.append(number)
            yield 100 + number
            number += 1

    answers = map_records(doubled, endless(), 1)  # type: ignore[arg-type]
    assert next(answers) == 200
    answers.close()  # type: ignore[attr-defined]  # a consumer that has seen enough
    assert len(read) < 100


STARVED = """
import sys, time
from pipeline.workers import map_records

def sleep(seconds):
    print("working", flush=True)
    time.sleep(seconds[0])
    return seconds

if __name__ == "__main__":
    list(map_records(sleep, [600.0] * 32, 2))
"""


def test_workers_end_when_their_build_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "starved.py"
    script.write_text(STARVED)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "working\n"
        killed.send_signal(signal.SIGKILL)
        # the pipe ends only when the last worker that writes to it has ended
        started = time.monotonic()
        killed.stdout.read()
        assert time.monotonic() - started < 10
