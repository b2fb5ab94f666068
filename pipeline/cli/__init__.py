"""The `congdoan` command: each subcommand is a module of this package, imported only when it is called."""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
import threading
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError

from pipeline.cli.failures import CALL_AT_FAULT, failure_of, one_line

# No command multiplies matrices, and numpy's threads for it turn in a circle for a twentieth of a CPU second before
# they go to sleep. Said before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

_COMMANDS = {
    "demo": "demo",
    "sites": "sites",
    "crawl": "crawl",
    "import": "imports",
    "build": "build",
    "refresh": "refresh",
    "schedule": "schedule",
    "extract": "extract",
    "status": "status",
    "movements": "movements",
    "sql": "sql",
    "export": "export",
    "snapshots": "snapshots",
    "publish": "publish",
    "check": "check",
    "eval": "eval",
    "columns": "columns",
}


class _Commands(click.Group):
    """Subcommands by name, in the order of a first visit. `congdoan --help` must not wait for Scrapy and DuckDB."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        # modules live on: to look through them for garbage takes a twentieth of the time that they take to load
        before = gc.get_threshold()
        gc.set_threshold(0)
        try:
            command: click.Command = importlib.import_module(f"pipeline.cli.{_COMMANDS[cmd_name]}").command
        finally:
            gc.set_threshold(*before)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="congdoan", message="congdoan %(version)s")
def congdoan() -> None:
    """A research corpus of Vietnamese trade-union news: crawl, archive, clean, read movements and figures, ask.

    \b
    Start with:  congdoan demo
    """


def main() -> Any:
    """Be the command of a terminal: run the command line, and end with it.

    Done, and with no thread at work any more, the process ends at once: to take a million words and rules apart first
    takes Python a fifth of a second.
    """
    status = run()
    if threading.active_count() > 1 or not isinstance(status, int | None):
        return status
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):  # none, where it is closed
            stream.flush()
    except OSError:
        return status  # Python says so when it ends
    atexit._run_exitfuncs()
    os._exit(status or 0)


def run() -> Any:
    """Run the command line. Exit 0 done, 1 the data is at fault, 2 the call is at fault; one line, no traceback."""
    try:
        return congdoan.main(prog_name="congdoan", standalone_mode=False)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(130)
    except NoArgsIsHelpError as nothing_asked:
        nothing_asked.show()
        sys.exit(CALL_AT_FAULT)
    except click.ClickException as wrong_call:
        help_for = (
            wrong_call.ctx.command_path if isinstance(wrong_call, click.UsageError) and wrong_call.ctx else "congdoan"
        )
        line = one_line(wrong_call.format_message()).rstrip(".")
        click.echo(f"congdoan: {line}; see `{help_for} --help`", err=True)
        sys.exit(CALL_AT_FAULT)
    except BrokenPipeError:
        # the reader of our output (head, less) has seen enough; keep the interpreter from flushing into it again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            raise
        click.echo(f"congdoan: {failure.line}", err=True)
        sys.exit(failure.exit_code)
