"""`congdoan schedule` prints what cron, systemd and GitHub Actions take as it is."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from crawler.lock import CorpusBusy, corpus_lock
from pipeline.cli.schedule import NAME, command, cron, github, program, refresh_and_report, systemd

AT = dt.time(5, 15)
AWKWARD = "kho dữ liệu 100%"


def printed(*arguments: str) -> str:
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_program_named_is_that_of_this_installation() -> None:
    assert program() == Path(sys.executable).with_name("congdoan")
    assert program().is_file()


@pytest.mark.parametrize("kind", ["cron", "systemd", "github"])
def test_each_kind_ends_with_one_line_break_and_names_the_time_in_vietnam(kind: str, tmp_path: Path) -> None:
    text = printed(kind, "--at", "23:05", "--corpus", str(tmp_path))
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "23:05" in text


@pytest.mark.parametrize("at", ["24:00", "5:15", "halb sechs"])
def test_what_is_no_time_of_day_is_refused(at: str) -> None:
    done = CliRunner().invoke(command, ["cron", "--at", at])
    assert done.exit_code == 2
    assert "is no time of day; write it as 05:15" in done.output


# --------------------------------------------------------------------------- cron
def told_by_cron(folder: Path, refresh: int, status: int) -> str:
    """Run the command of the crontab as cron does, with a congdoan that exits as given; return what would be mailed."""
    stub, corpus = folder / "cong doan", folder / AWKWARD
    corpus.mkdir(exist_ok=True)
    code = f'case $1 in refresh) echo "ran $3"; exit {refresh};; status) echo "stands $3"; exit {status};; esac\n'
    stub.write_text("#!/bin/sh\n" + code, encoding="utf-8")
    stub.chmod(0o755)
    *_, line = cron(stub, corpus, AT).splitlines()
    minute, hour, *rest = line.split(maxsplit=5)
    assert (int(minute), 0 <= int(hour) <= 23, rest[:3]) == (15, True, ["*", "*", "*"])
    shell = re.sub(r"\\%", "%", rest[3])  # as cron does before it calls the shell
    assert "%" not in re.sub(r"\\%", "", rest[3])
    done = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.stdout


def test_cron_mails_nothing_when_all_is_well(tmp_path: Path) -> None:
    assert told_by_cron(tmp_path, 0, 0) == ""
    assert (tmp_path / AWKWARD / "refresh.log").read_text(encoding="utf-8") == f"ran {tmp_path / AWKWARD}\n"


def test_cron_mails_what_status_says_when_a_site_needs_a_person(tmp_path: Path) -> None:
    assert told_by_cron(tmp_path, 0, 1) == f"stands {tmp_path / AWKWARD}\n"


def test_cron_mails_the_end_of_the_log_when_the_refresh_failed(tmp_path: Path) -> None:
    assert told_by_cron(tmp_path, 1, 0) == f"ran {tmp_path / AWKWARD}\n"


@pytest.mark.parametrize("kind", ["cron", "systemd"])
def test_profiles_of_the_operators_own_are_named_to_both_commands(kind: str, tmp_path: Path) -> None:
    text = printed(kind, "--corpus", "/srv/corpus", "--sites", str(tmp_path))
    for name in ("refresh", "status"):
        assert f"congdoan {name} --corpus /srv/corpus --sites {tmp_path}" in text


def test_a_refresh_that_hangs_is_ended_by_cron_and_the_end_of_its_log_mailed(tmp_path: Path) -> None:
    stub = tmp_path / "congdoan"
    hang = 'trap "echo stopped; exit 0" INT; echo begun; while :; do sleep 0.05; done'
    stub.write_text(f"#!/bin/sh\ncase $1 in refresh) {hang};; esac\n", encoding="utf-8")
    stub.chmod(0o755)
    line = refresh_and_report(stub, tmp_path).replace("20h", "3s")
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["begun", "stopped"]


# --------------------------------------------------------------------------- who holds the corpus
HOLD = """
import sys, time
from pathlib import Path
from crawler.lock import corpus_lock
with corpus_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_run_says_who_holds_the_corpus_until_that_one_is_dead(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(CorpusBusy) as refusal, corpus_lock(tmp_path):
            pass
    finally:
        holder.kill()  # -9: it cannot let go of anything itself
        holder.communicate()
    who = rf"process {holder.pid} on {re.escape(socket.gethostname())} \(-c {re.escape(str(tmp_path))}\) since 20\d\d-"
    assert re.match(rf"{re.escape(str(tmp_path))} is being crawled by {who}", str(refusal.value))
    with corpus_lock(tmp_path):
        assert f"process {os.getpid()} on " in (tmp_path / "crawl.lock").read_text(encoding="utf-8")


def test_the_hour_of_the_crontab_is_that_of_the_machine() -> None:
    script = (
        "import datetime as dt; from pathlib import Path; from pipeline.cli.schedule import cron; "
        "print(cron(Path('c'), Path('d'), dt.time(5, 15)))"
    )
    clock = os.environ | {"TZ": "UTC"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=clock, timeout=60)
    assert "\n15 22 * * *  timeout --signal=INT --kill-after=120 20h c refresh" in done.stdout
    assert "05:15 in Vietnam, which is 22:15 by this machine's clock" in done.stdout


# --------------------------------------------------------------------------- systemd
def test_the_units_are_two_files_that_run_refresh_and_then_status() -> None:
    text = systemd(Path("/srv/venv/bin/congdoan"), Path("/srv/corpus"), AT)
    _, service, timer, _ = re.split(r"^# ~/\.config/systemd/user/\S+$", text, flags=re.MULTILINE)
    assert "ExecStart=/srv/venv/bin/congdoan refresh --corpus /srv/corpus\n" in service
    assert "ExecStart=/srv/venv/bin/congdoan status --corpus /srv/corpus\n" in service
    assert "OnCalendar=*-*-* 05:15:00 Asia/Ho_Chi_Minh\n" in timer


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_takes_the_units_even_with_an_awkward_path(tmp_path: Path) -> None:
    congdoan = tmp_path / "cong doan"
    shutil.copy("/bin/true", congdoan)
    text = systemd(congdoan, tmp_path / AWKWARD, AT)
    _, *units = re.split(r"^# ~/\.config/systemd/user/(\S+)$", text, flags=re.MULTILINE)
    files = [f"{NAME}.service", f"{NAME}.timer", f"{NAME}-mail.service"]
    assert units[::2] == files
    for file, unit in zip(files, units[1::2], strict=True):
        (tmp_path / file).write_text(unit, encoding="utf-8")
    for file in files:
        verify = ["systemd-analyze", "--user", "verify", str(tmp_path / file)]
        folder = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}
        done = subprocess.run(verify, capture_output=True, text=True, timeout=60, env=folder)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# --------------------------------------------------------------------------- GitHub Actions
def test_the_workflow_runs_by_utc_and_warns_of_publishing_the_corpus() -> None:
    text = github(AT)
    assert '- cron: "15 22 * * *"  # UTC; 05:15 in Vietnam' in text
    assert "PRIVATE" in text.splitlines()[0]
    assert "CONGDOAN_CONTACT: ${{ vars.CONGDOAN_CONTACT }}" in text
    commands = re.findall(r"^ +- run: (.+)$", text, flags=re.MULTILINE)
    assert commands[-2:] == ["congdoan refresh", "congdoan status"]
    workflow = yaml.safe_load(text)
    assert workflow["concurrency"] == {"group": NAME}
    assert workflow["jobs"]["refresh"]["env"]["CONGDOAN_CORPUS"] == "data/corpus"
