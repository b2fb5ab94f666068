"""A line to paste into the registry for a movement that it does not know yet."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from pipeline.movements.names import printed_key
from pipeline.syllables import without_diacritics

MAX_ID_CHARACTERS = 45  # as the ids of the registry are cut

_NOT_OF_AN_ID = re.compile(r"[^a-z0-9]+")


def proposed_id(name: str) -> str:
    """Return an id as the registry writes them: "Giữ máy sạch, giữ tay khỏe" is giu-may-sach-giu-tay-khoe."""
    return _NOT_OF_AN_ID.sub("-", without_diacritics(name.casefold()))[:MAX_ID_CHARACTERS].strip("-")


def proposed_entry(name: str, kind: str, surfaces: Sequence[str], source: str) -> str:
    """Return the entry for lexicon/movements.toml, `unsure` until a person has looked its facts up.

    Spellings that are compared alike anyway become no aliases.
    """
    seen = {printed_key(name)}
    aliases = []
    for surface in surfaces:
        if printed_key(surface) not in seen:
            seen.add(printed_key(surface))
            aliases.append(surface)
    lines = [
        "[[movement]]",
        f"id = {_written(proposed_id(name))}",
        f"name = {_written(name)}",
        f"kind = {_written(kind)}",
        *([f"aliases = [{', '.join(map(_written, aliases))}]"] if aliases else []),
        f"source = {_written(source)}",
        "unsure = true",
    ]
    return "\n".join(lines)


def _written(text: str) -> str:
    """Return a TOML string; JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False)
