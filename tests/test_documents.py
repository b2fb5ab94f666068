"""What the documents tell to type can be typed, and what they link to is there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipeline.cli import congdoan

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "data/README.md", "benchmarks/README.md")]
DOCUMENTS += sorted((ROOT / "docs").glob("*.md"))
_TYPED = re.compile(r"^ {4}(congdoan [^#\n]*)|`(congdoan [^`…]*)`", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
_PLACES = {"NAME": "laodong_vn", "URL": "https://vidu.vn/", "COMMAND": "crawl", "URI": "ra", "DIR": "."}


def typed() -> Iterator[object]:
    """Give the lines to paste, and the commands that are named in a sentence, perhaps without what they are given."""
    for document in DOCUMENTS:
        for line, named in dict.fromkeys(_TYPED.findall(document.read_text(encoding="utf-8"))):
            words = " ".join((line or named).split())
            yield pytest.param(words, not line, id=f"{document.relative_to(ROOT)}: {words}"[:100])


def parse(words: list[str]) -> None:
    """Read a call as far as click does: commands, options and their values; nothing is run."""
    command: click.Command = congdoan
    context = congdoan.make_context("congdoan", words)
    while isinstance(command, click.Group) and (words := [*context._protected_args, *context.args]):
        name, below, words = command.resolve_command(context, words)
        assert below is not None
        command = below
        context = below.make_context(name, words, parent=context)


@pytest.mark.parametrize(("line", "is_named_only"), [*typed()])
def test_a_line_to_type_is_a_call_that_the_command_understands(line: str, is_named_only: bool) -> None:
    words = [_PLACES.get(word, word) for word in shlex.split(line)[1:] if word not in ("|", ">")]
    try:
        parse(words)
    except click.exceptions.Exit as told:  # --help, --version
        assert told.exit_code == 0
    except click.MissingParameter:
        assert is_named_only
    except click.BadParameter as wrong:
        assert "does not exist" in wrong.message  # a page of the reader's own


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_link_leads_to_a_file_of_the_project_and_to_a_heading_in_it(document: Path) -> None:
    for link in _LINK.findall(document.read_text(encoding="utf-8")):
        path, _, heading = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        if heading:
            headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert heading in {re.sub(r"[^\w -]", "", one).lower().replace(" ", "-") for one in headings}, link
