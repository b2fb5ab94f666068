"""`congdoan publish`: the tables, elsewhere, for those who run a lakehouse."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

import click
from rich.text import Text

from pipeline.cli.options import corpus_option, talk, telling


@click.command("publish", short_help="Send the tables to a folder or object storage.")
@click.argument("uri")
@click.option(
    "--format",
    "form",
    type=click.Choice(["parquet", "delta"]),
    default="parquet",
    show_default=True,
    help="Plain files, or Delta tables.",
)
@click.option(
    "--at", metavar="SNAPSHOT", help="An earlier snapshot: number, name or day.  [default: the committed one]"
)
@click.option(
    "--option", "options", multiple=True, metavar="KEY=VALUE", help="Of the storage, as fsspec or Delta takes it."
)
@corpus_option
def command(uri: str, form: str, at: str | None, options: tuple[str, ...], corpus: Path) -> None:
    """Publish the tables to URI, a folder or object storage; what changed is sent, readers see all or nothing.

    Needs `pip install 'congdoan[publish]'`, for S3 'congdoan[s3]'. URI/latest.json says which files (parquet) or which
    versions of the tables (delta) are one state. Keys and endpoint of S3 come from AWS's variables or --option. On a
    laptop the corpus's own tables are simpler and need none of it.

    \b
    congdoan publish s3://bucket/corpus --format delta --option AWS_REGION=eu-west-1
    congdoan publish s3://bucket/corpus --option endpoint_url=http://minio:9000 --option key=… --option secret=…
    congdoan publish /srv/shared/corpus --at paper-2026
    """
    from pipeline.publish import publish
    from pipeline.query import open_corpus

    opened = open_corpus(corpus, at=at)  # held open, so that no build clears it away meanwhile
    named = dict(_pair(option) for option in options)
    with talk.status(Text(f"publishing to {uri}")) as status:
        tell = telling(status)
        done = publish(opened.snapshot, uri, cast(Literal["parquet", "delta"], form), options=named, tell=tell)
    if not done.written and not done.removed:
        click.echo(f"snapshot {done.snapshot} is published already")
    else:
        click.echo(f"snapshot {done.snapshot}: {done.written} files published, {done.removed} taken away")


def _pair(option: str) -> tuple[str, str]:
    name, equals, value = option.partition("=")
    if not equals:
        raise click.BadParameter(f"{option!r}: written as KEY=VALUE")
    return name, value
