"""`congdoan sites new`: a draft profile of an unknown site, from a handful of polite requests."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import click

from pipeline.cli.contact import contact_option, remembered_contact
from pipeline.cli.options import corpus_option, talk

PAUSE = 2.0  # seconds between two requests


@click.command("new", short_help="Draft a profile for a site from a dozen requests.")
@click.argument("url")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write NAME.toml into this folder.  [default: print it]",
)
@click.option("--delay", type=click.FloatRange(0), default=PAUSE, show_default=True, help="Seconds between requests.")
@contact_option
@corpus_option
def command(url: str, into: Path | None, delay: float, contact: str | None, corpus: Path) -> None:
    """Draft a profile for the site of URL, its front page or a section, from a dozen requests at most.

    Each thing that the draft is unsure of has a comment that says why; the same is printed at the end.

    \b
    congdoan sites new https://congdoan.example.vn/ --into sites
    """
    host = _host_of(url)  # before the imports below: they bring Scrapy and the readers
    from pipeline.cli.asking import drafted
    from pipeline.sitedraft import as_toml, name_of, unsure_lines

    name = name_of(host)
    path = into / f"{name}.toml" if into else None
    if path and path.exists():
        raise click.UsageError(f"{path} is there already; move it away, or give another --into")
    with TemporaryDirectory(prefix="congdoan-draft-") as folder:
        draft = drafted(Path(folder), corpus, url, host, delay, remembered_contact(corpus, contact))
    text = as_toml(draft)
    if path is None:
        click.echo(text, nl=False)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        click.echo(str(path))
    for line in unsure_lines(draft):
        talk.print(line, markup=False, soft_wrap=True)
    talk.print(f"Try it: congdoan sites check {name} --live --sites {into or 'DIR'}", markup=False, soft_wrap=True)


def _host_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise click.UsageError(f"{url}: not an http(s) address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.UsageError(f"{url}: not an http(s) address, such as https://congdoan.example.vn/")
    if not parts.netloc.isascii():
        raise click.UsageError(f"{url}: give the host in its ASCII form (xn--…), as browsers copy it")
    return parts.netloc.lower()
