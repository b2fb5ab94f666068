"""The operator's contact: every site that is crawled is told whom to write to."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
_FILE = "contact.txt"


def contact_option(command: F) -> F:
    """Add `--contact`."""
    return click.option(
        "--contact",
        envvar="CONGDOAN_CONTACT",
        show_envvar=True,
        help="Your e-mail address or web page, sent with every request; asked for once and kept in the corpus.",
    )(command)


def remembered_contact(corpus: Path, given: str | None) -> str:
    """Return the contact given, kept from an earlier crawl, or asked for at the terminal; keep it.

    Raises:
        click.UsageError: there is none and nobody to ask, or it is neither an e-mail address nor a web page.
    """
    kept = corpus / _FILE
    contact = given or (kept.read_text(encoding="utf-8").strip() if kept.is_file() else "")
    if not contact and sys.stdin.isatty():
        contact = click.prompt("Whom can a site write to about this crawl? (e-mail address or web page)", err=True)
    if not contact:
        raise click.UsageError("a crawl names its operator to the sites: give --contact you@example.org")
    if not contact.isprintable() or not ("@" in contact or contact.startswith(("http://", "https://"))):
        raise click.UsageError(f"--contact {contact!r}: expected an e-mail address or a web page")
    corpus.mkdir(parents=True, exist_ok=True)
    kept.write_text(contact + "\n", encoding="utf-8")
    return contact
