"""`congdoan schedule`: what to give cron, systemd or GitHub Actions, so that a corpus is refreshed every day."""

from __future__ import annotations

import datetime as dt
import re
import shlex
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import corpus_option, sites_option
from pipeline.tables import VIETNAM

NAME = "congdoan-refresh"
SPREAD = "15min"  # systemd waits up to so long: not every corpus in the world asks a paper in the same second
LOG_LINES = 5  # of refresh.log, in cron's mail after a refresh that failed
LONGEST_HOURS = 20  # a refresh still at work then is stopped as by Ctrl-C: the next one goes on from there
LAST_SECONDS = 120  # ... and killed after so many more: nothing is lost by that either


class TimeOfDay(click.ParamType[dt.time]):
    """A time as HH:MM."""

    name = "HH:MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.time:
        if isinstance(value, dt.time):
            return value
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            self.fail(f"{value!r} is no time of day; write it as 05:15", param, ctx)
        return dt.time.fromisoformat(value)


@click.command("schedule", short_help="Print what refreshes the corpus every day, for cron.")
@click.argument("kind", type=click.Choice(["cron", "systemd", "github"]))
@click.option("--at", type=TimeOfDay(), default="05:15", show_default=True, help="When, every day, in Vietnam.")
@corpus_option
@sites_option
def command(kind: str, at: dt.time, corpus: Path, site_folders: tuple[Path, ...]) -> None:
    """Print what refreshes the corpus every day: a line for cron, units for systemd, or a GitHub Actions workflow.

    All of them run `congdoan refresh`, then `congdoan status`, and report (a mail, a failed unit, a failed workflow)
    only when one of the two exits 1: when a site needs a person. A refresh still at work is not disturbed by the next,
    which says who it is, and is stopped after 20 hours. What it says is in CORPUS/refresh.log (cron) or in the journal
    (systemd), what the crawler logs in CORPUS/crawl.log.

    \b
    (crontab -l; congdoan schedule cron --corpus /srv/congdoan) | crontab -
    """
    folders = tuple(folder.absolute() for folder in site_folders)
    printed: dict[str, Callable[[], str]] = {
        "cron": lambda: cron(program(), corpus.absolute(), at, folders),
        "systemd": lambda: systemd(program(), corpus.absolute(), at, folders),
        "github": lambda: github(at),
    }
    click.echo(printed[kind](), nl=False)


def program() -> Path:
    """Return the `congdoan` of this installation: cron and systemd know no virtual environment."""
    beside = Path(sys.executable).with_name("congdoan")
    return beside if beside.is_file() else Path(shutil.which("congdoan") or beside)


# --------------------------------------------------------------------------- cron
def cron(congdoan: Path, corpus: Path, at: dt.time, folders: Sequence[Path] = ()) -> str:
    """Return a crontab of one line, by the clock of this machine; cron mails what it prints: nothing if all is well."""
    here = dt.datetime.combine(dt.datetime.now(VIETNAM).date(), at, VIETNAM).astimezone()
    # in a crontab "%" is a line break
    line = f"{here.minute} {here.hour} * * *  {refresh_and_report(congdoan, corpus, folders)}".replace("%", r"\%")
    about = f"# congdoan, daily at {at:%H:%M} in Vietnam, which is {here:%H:%M} by this machine's clock"
    mail = "# The mail goes to the owner of the crontab, or to MAILTO=name@example.org in a line above this one"
    return f"{about}; mails only when a site needs a person\n{mail}\n{line}\n"


def refresh_and_report(congdoan: Path, corpus: Path, folders: Sequence[Path] = ()) -> str:
    """Return the shell command that refreshes, and prints something only where a person must look."""
    run, options = shlex.quote(str(congdoan)), shlex.join(_options(corpus, folders))
    log = shlex.quote(str(corpus / "refresh.log"))
    limited = f"timeout --signal=INT --kill-after={LAST_SECONDS} {LONGEST_HOURS}h {run}"
    refresh = f"{limited} refresh {options} >>{log} 2>&1 || tail -n {LOG_LINES} {log}"
    return f'{refresh}; said=$({run} status {options} 2>&1) || printf "\\%s\\n" "$said"'.replace("\\%", "%")


def _options(corpus: Path, folders: Sequence[Path]) -> list[str]:
    return ["--corpus", str(corpus), *(word for folder in folders for word in ("--sites", str(folder)))]


# --------------------------------------------------------------------------- systemd
def systemd(congdoan: Path, corpus: Path, at: dt.time, folders: Sequence[Path] = ()) -> str:
    """Return units for `systemctl --user`, one below the other, each under its file's name: service, timer, mail."""
    run, options = _systemd_word(str(congdoan)), " ".join(map(_systemd_word, _options(corpus, folders)))
    command = shlex.join([str(congdoan), "status", *_options(corpus, folders)])
    report = _systemd_word(f'{command} 2>&1 | mail -s "congdoan: a site needs a person" "$USER"')
    return f"""\
# congdoan, daily. Save the parts below under the names that they begin with (the last only where `mail` works), then:
#   systemctl --user daemon-reload && systemctl --user enable --now {NAME}.timer
#   loginctl enable-linger        # also when you are not logged in
#   systemctl --user status {NAME}.service; journalctl --user -u {NAME}

# ~/.config/systemd/user/{NAME}.service
[Unit]
Description=Refresh a corpus of Vietnamese trade-union news
Wants=network-online.target
After=network-online.target
OnFailure={NAME}-mail.service

[Service]
Type=oneshot
# the unit fails when either exits 1: a site needs a person
ExecStart={run} refresh {options}
ExecStart={run} status {options}
Nice=10
# Ctrl-C: the pages under way are finished
KillSignal=SIGINT
TimeoutStartSec={LONGEST_HOURS}h
TimeoutStopSec={LAST_SECONDS}

# ~/.config/systemd/user/{NAME}.timer
[Unit]
Description=Refresh a corpus of Vietnamese trade-union news every day

[Timer]
OnCalendar=*-*-* {at:%H:%M}:00 {VIETNAM.key}
RandomizedDelaySec={SPREAD}
# make up for a night in which the machine was off
Persistent=true

[Install]
WantedBy=timers.target

# ~/.config/systemd/user/{NAME}-mail.service
[Unit]
Description=Mail how a corpus of Vietnamese trade-union news stands

[Service]
Type=oneshot
ExecStart=/bin/sh -c {report}
"""


def _systemd_word(word: str) -> str:
    """Return one word of an Exec line, where "%" and "$" begin specifiers and variables."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if re.search(r"[\s\"';\\]", escaped) else escaped


# --------------------------------------------------------------------------- GitHub Actions
def github(at: dt.time) -> str:
    """Return a workflow for a private copy of the project's repository; GitHub's clock is UTC."""
    utc = dt.datetime.combine(dt.datetime.now(VIETNAM).date(), at, VIETNAM).astimezone(dt.UTC)
    return f"""\
# .github/workflows/{NAME}.yml of a PRIVATE copy of this repository: the corpus holds the publishers' texts.
# Set the variable CONGDOAN_CONTACT (your e-mail address or web page) and SITES ("laodong_vn laodongthudo_vn") under
# Settings, Secrets and variables, Actions, Variables. A failed workflow is mailed: then a site needs a person.
name: {NAME}
on:
  schedule:
    - cron: "{utc.minute} {utc.hour} * * *"  # UTC; {at:%H:%M} in Vietnam
  workflow_dispatch:
permissions:
  contents: read
concurrency:
  group: {NAME}
jobs:
  refresh:
    runs-on: ubuntu-latest
    timeout-minutes: 300
    env:
      CONGDOAN_CORPUS: data/corpus
      CONGDOAN_CONTACT: ${{{{ vars.CONGDOAN_CONTACT }}}}
      SITES: ${{{{ vars.SITES }}}}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
          cache: pip
      - run: pip install -c constraints.txt .
      # a cache is kept for a week after its last use and may be evicted: download the artifact now and then
      - uses: actions/cache/restore@v4
        with:
          path: data/corpus
          key: corpus-${{{{ github.run_id }}}}
          restore-keys: corpus-
      - run: test -d data/corpus/archive || congdoan crawl $SITES --max-pages 200
      - run: congdoan refresh
      - run: congdoan status
      - uses: actions/cache/save@v4
        if: always()
        with:
          path: data/corpus
          key: corpus-${{{{ github.run_id }}}}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: tables
          path: data/corpus/tables
"""
