"""Options that say where a build's work is done: processes of this machine, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from pipeline.workers import Engine, LocalEngine

F = TypeVar("F", bound=Callable[..., Any])

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def engine_options(command: F) -> F:
    """Add `--workers`, `--engine`, `--scheduler` and the files of an encrypted cluster."""
    for option in reversed(
        [
            click.option(
                "--workers",
                type=click.IntRange(1, 256),
                help="Processes of this machine that work side by side.  [default: all cores]",
            ),
            click.option(
                "--engine",
                type=click.Choice(["local", "dask"]),
                default="local",
                show_default=True,
                help="Who does the work; dask needs the extra `dask`, and the same congdoan on all machines.",
            ),
            click.option(
                "--scheduler", metavar="ADDRESS", help="Of the Dask cluster: tcp://host:8786, tls://host:8786."
            ),
            click.option("--tls-ca-file", type=_FILE, help="Certificates that the cluster's are signed by (PEM)."),
            click.option("--tls-cert", type=_FILE, help="Our certificate for the cluster (PEM)."),
            click.option("--tls-key", type=_FILE, help="The key of our certificate (PEM)."),
        ]
    ):
        command = option(command)
    return command


def engine_of(
    workers: int | None,
    engine: str,
    scheduler: str | None,
    tls_ca_file: Path | None,
    tls_cert: Path | None,
    tls_key: Path | None,
) -> Engine:
    """Return the engine that the options ask for, to be used as a context.

    Raises:
        UsageError: options that do not go together, or the extra is not installed.
        EngineLost: the scheduler does not answer.
    """
    if engine == "local":
        if scheduler or tls_ca_file or tls_cert or tls_key:
            raise click.UsageError("--scheduler and --tls-… are of a cluster: add --engine dask")
        return LocalEngine(workers)
    try:
        from pipeline.workers.cluster import DaskEngine, Tls
    except ImportError as error:
        raise click.UsageError(f"--engine dask: {error}; install it with: pip install 'congdoan[dask]'") from error
    if scheduler and workers:
        raise click.UsageError("--workers is of this machine; how many there are of a cluster, `dask worker` says")
    return DaskEngine(scheduler, workers=workers, tls=Tls(tls_ca_file, tls_cert, tls_key))
