"""`congdoan sites`: the profiles of the sites that can be crawled."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from pipeline.cli.options import corpus_option, known_sites, results_console, sites_option


@click.group("sites", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List and show site profiles.

    \b
    congdoan sites show laodong_vn
    """
    if context.invoked_subcommand is None:
        context.invoke(list_sites)


@command.command("list")
@corpus_option
@sites_option
def list_sites(corpus: Path, site_folders: tuple[Path, ...]) -> None:
    """List the known sites."""
    table = Table("site", "paper", "hosts", "sections", "layouts", "checked live")
    for site in known_sites(corpus, site_folders):
        live = "yes" if site.verified else "no"
        table.add_row(
            site.name, site.title, ", ".join(site.hosts), str(len(site.start.sections)), str(len(site.layouts)), live
        )
    results_console().print(table)


@command.command("show")
@click.argument("name")
@corpus_option
@sites_option
def show(name: str, corpus: Path, site_folders: tuple[Path, ...]) -> None:
    """Print one profile as JSON, with its defaults filled in."""
    click.echo(known_sites(corpus, site_folders)[name].model_dump_json(indent=2))
