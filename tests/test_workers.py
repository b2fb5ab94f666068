"""One record that dies, hangs, grows or raises costs one record, and a build that is killed leaves no worker behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from bad_records import GROWS, GROWTH_MEGABYTES, HANGS, KILLS, RAISES, doubled, held

from pipeline.workers import Failure, LocalEngine, Progress, map_records

pytestmark = pytest.mark.slow


def test_a_record_that_kills_its_worker_raises_hangs_or_grows_costs_only_itself() -> None:
    with LocalEngine(1) as engine:
        (own,) = map_records(held, [0], engine)  # a forked worker holds much of what this process does
    assert isinstance(own, int)
    limit = own + GROWTH_MEGABYTES // 2
    with LocalEngine(2, megabytes=limit) as engine:
        answers = list(map_records(doubled, range(40), engine, seconds=6.0))
    failures = {answer.record: answer.detail for answer in answers if isinstance(answer, Failure)}
    assert failures == {
        KILLS: "the worker died (exit code 3)",
        RAISES: "ZeroDivisionError: số mười bảy",
        HANGS: "no answer in 6 s",
        GROWS: f"the worker grew over {limit} MB",
    }
    numbers = sorted(answer for answer in answers if not isinstance(answer, Failure))
    assert numbers == [2 * number for number in range(40) if number not in failures]


def test_no_records_give_no_answers() -> None:
    with LocalEngine(2) as engine:
        assert list(map_records(doubled, [], engine)) == []


def test_records_are_read_as_workers_ask_for_them() -> None:
    read = []

    def endless() -> object:
        number = 0
        while True:
            read.append(number)
            yield 100 + number
            number += 1

    with LocalEngine(1) as engine:
        answers = map_records(doubled, endless(), engine)  # type: ignore[arg-type]
        assert next(answers) == 200
        answers.close()  # type: ignore[attr-defined]  # a consumer that has seen enough
        assert len(read) < 100
        # whoever comes next finds workers that are free
        assert sorted(map_records(doubled, [1, 2, 3], engine)) == [2, 4, 6]


STARVED = """
import os, time
from pipeline.workers import LocalEngine, map_records

def sleep(seconds):
    os.write(1, b"working\\n")  # one write: two workers share the pipe
    time.sleep(seconds[0])
    return seconds

if __name__ == "__main__":
    with LocalEngine(2) as engine:
        list(map_records(sleep, [600.0] * 32, engine))
"""


def test_workers_end_when_their_build_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "starved.py"
    script.write_text(STARVED)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "working\n"
        killed.send_signal(signal.SIGKILL)
        # the pipe ends only when the last worker that writes to it has ended: not for ten minutes, if it went on
        killed.stdout.read()


def test_the_line_of_progress_says_how_far_how_fast_what_was_dropped_and_how_long() -> None:
    told: list[str] = []
    seconds = iter(range(1000))
    progress = Progress("articles", told.append, 400, clock=lambda: float(next(seconds)))
    answers = [Failure(number, "bad") if number % 50 == 0 else number for number in range(100)]
    assert list(progress.watch(answers)) == answers
    assert told[-1].startswith("━━━━━")
    assert "25%  100 of 400 articles" in told[-1]
    assert "2 dropped" in told[-1]
    assert told[-1].endswith(" left")
