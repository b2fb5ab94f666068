"""`congdoan check`: the invariants of tables and archive; `congdoan check nlp`: that the fast models answer right."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import click

from pipeline.cli.failures import DATA_AT_FAULT
from pipeline.cli.options import corpus_option, known_sites, sites_option, talk, telling

_SHOWN_DIFFERENCES = 20


@click.group("check", invoke_without_command=True, short_help="Prove that tables and archive are whole; mend them.")
@click.option("--repair", "mend", is_flag=True, help="Mend what is found from the archive, then check again.")
@corpus_option
@sites_option
@click.pass_context
def command(context: click.Context, mend: bool, corpus: Path, site_folders: tuple[Path, ...]) -> None:
    """Prove the invariants: ids resolve, offsets slice, every capture is accounted for, files and archive are whole.

    --repair makes damaged tables anew from the archive, cuts torn records off and removes leftovers.

    \b
    congdoan check --corpus data/corpus
    congdoan check --repair
    """
    if context.invoked_subcommand is not None:
        return
    if mend:
        _repair(corpus, site_folders)
    from pipeline.check import problems
    from pipeline.query import open_corpus

    with talk.status("checking tables and archive"):
        found = list(problems(open_corpus(corpus)))
    for line in found:
        click.echo(line)
    if found:
        way_out = (
            "what is left is for a person" if mend else f"`congdoan check --repair --corpus {corpus}` mends tables"
        )
        click.echo(f"{len(found)} found; {way_out}", err=True)
        sys.exit(DATA_AT_FAULT)
    click.echo("tables and archive are whole")


def _repair(corpus: Path, site_folders: tuple[Path, ...]) -> None:
    from pipeline.restoration import repair

    with talk.status("mending tables and archive") as status:
        done = repair(corpus, known_sites(corpus, site_folders), tell=telling(status))
    for line in done:
        click.echo(line)


@command.command("nlp", short_help="Hold the fast models against underthesea itself.")
@click.option("--sentences", type=click.IntRange(1), default=50_000, show_default=True, help="How many to compare.")
def nlp(sentences: int) -> None:
    """Hold the fast models against underthesea itself: every word, part of speech and entity, and where it stands.

    The sentences are those of the demo newspapers, then pieces of them mixed with numbers, addresses and marks, and
    random Unicode, the same each time. 50,000 take two to five minutes.

    \b
    congdoan check nlp --sentences 5000
    """
    from rich.progress import track

    from pipeline.demo.newspaper import PAPERS, read_paper
    from pipeline.nlp import models, split_sentences
    from pipeline.nlp.comparison import differences, odd_sentences

    texts = [article.text() for paper in PAPERS for article in read_paper(paper)]
    own = list(dict.fromkeys(sentence.text for text in texts for sentence in split_sentences(text)))
    compared = itertools.islice(itertools.chain(own, odd_sentences(own, seed=0)), sentences)
    outcomes = track(differences(compared), "comparing sentences", sentences, console=talk)
    found = [difference for difference in outcomes if difference is not None]
    for difference in found[:_SHOWN_DIFFERENCES]:
        click.echo(f"{difference.sentence!r}: ours {difference.ours}, underthesea {difference.theirs}")
    if found:
        click.echo(f"{len(found):,} of {sentences:,} sentences are not read as {models()} reads them")
        sys.exit(DATA_AT_FAULT)
    click.echo(f"{sentences:,} sentences are read as {models()} reads them, bit for bit")
