"""The registry of known movements (lexicon/movements.toml), and the linking of printed names to it."""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, get_args

from pipeline.schema import MovementKind
from pipeline.syllables import Syllable, name_key, without_diacritics
from pipeline.trie import Trie

MIN_SYLLABLES_FOR_TYPOS = 6  # shorter names with one syllable changed are other names: "việc nước", "việc trường"
_JOINTS = " \t\u00a0,-–—/&"  # between two syllables of an unquoted name; a quote or a full stop ends it
# "năm 2024", "lần thứ 17", "giai đoạn 2021 - 2025", "(2021-2025)": when a movement was held, not what it is called
_YEAR = r"(?:19|20)\d\d"
_WHEN = re.compile(
    r"[\s,(–-]*\b(?:(?:năm(?: học)?|lần thứ|giai đoạn|nhiệm kỳ)\s+[\dIVXLC][\dIVXLC/\s–-]*"
    rf"|{_YEAR}(?:\s*[-–]\s*{_YEAR})?)\)?\s*$",
    re.IGNORECASE,
)
_THEME = re.compile(r"\s*[-–—:,]\s+|\s+[-–—]")
_TEXT_KEYS = ("id", "name", "kind", "launched_by", "since", "until", "sector", "source")
_FLAG_KEYS = ("alone", "lower", "triggered", "themed", "unsure")


class LexiconInvalid(ValueError):
    """A lexicon file that breaks its own rules; the message says file, key, value and what was expected."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A known movement.

    `alone` names are recognised without a trigger and without quotes, where a capital letter marks them; `lower` ones
    also when all is lower case. `triggered` names are words that other things bear too (“Xanh - Sạch - Đẹp” is said of
    streets): they need a trigger even in quotes. `themed` names take a theme of the year after a dash
    (“Tết Sum vầy - Xuân bình an”).
    `unsure` facts were not read anywhere but known by memory.
    """

    id: str
    name: str
    kind: MovementKind
    source: str
    aliases: tuple[str, ...] = ()
    launched_by: str | None = None
    since: str | None = None
    until: str | None = None
    sector: str | None = None
    alone: bool = False
    lower: bool = False
    triggered: bool = False
    themed: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """What a printed name stands for: a registry entry, or for an unknown name an id of its own."""

    movement_id: str
    name: str
    entry: Entry | None


class Registry:
    """Known movements, found by their names and aliases however these are spelled.

    Raises:
        LexiconInvalid: two entries share an id or a name.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._by_id: dict[str, Entry] = {}
        self._by_key: dict[tuple[str, ...], Entry] = {}
        self._but_one: dict[tuple[int, tuple[str, ...]], list[tuple[str, ...]]] = {}
        self._trie: Trie[Entry] = Trie(_JOINTS)
        for entry in entries:
            if entry.id in self._by_id:
                raise LexiconInvalid(f"movements.toml: id = {entry.id!r} twice: ids are unique")
            self._by_id[entry.id] = entry
            for name in (entry.name, *entry.aliases):
                self._add(name, entry)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __getitem__(self, movement_id: str) -> Entry:
        return self._by_id[movement_id]

    def find(self, name: str) -> Entry | None:
        """Return the entry that a whole printed name stands for, or None. No two different names are merged.

        Case, tone placement, dashes, commas, the year and a theme of the year may differ, and in a name of 6 syllables
        or more one syllable may be misspelled (marks missing or wrong, or one letter).
        """
        for printed in dict.fromkeys((name, without_when(name))):
            key = name_key(printed)
            entry = self._by_key.get(key) or self._themed(printed) or self._misspelled(key)
            if entry is not None:
                return entry
        return None

    def link(self, name: str) -> Link:
        """Return the canonical name and id for a printed name, known or not."""
        entry = self.find(name)
        if entry is not None:
            return Link(entry.id, entry.name, entry)
        tidy = " ".join((without_when(name) or name).split())
        digest = hashlib.sha256(" ".join(name_key(tidy)).encode()).hexdigest()
        return Link(f"x-{digest[:12]}", tidy[:1].upper() + tidy[1:], None)

    def longest(self, text: str, line: Sequence[Syllable], first: int) -> tuple[int, Entry] | None:
        """Return how many syllables the longest known name takes that starts at line[first], and its entry."""
        return self._trie.longest(text, line, first)

    def _add(self, name: str, entry: Entry) -> None:
        key = name_key(name)
        known = self._by_key.setdefault(key, entry)
        if known is not entry:
            raise LexiconInvalid(f"movements.toml: {name!r} is a name of {known.id} and of {entry.id}: one id a name")
        self._trie.add(key, entry)
        if len(key) >= MIN_SYLLABLES_FOR_TYPOS:
            for index in range(len(key)):
                self._but_one.setdefault((index, key[:index] + key[index + 1 :]), []).append(key)

    def _themed(self, name: str) -> Entry | None:
        head = _THEME.split(name.strip(), maxsplit=1)[0]
        entry = self._by_key.get(name_key(head))
        return entry if entry is not None and entry.themed else None

    def _misspelled(self, key: tuple[str, ...]) -> Entry | None:
        if len(key) < MIN_SYLLABLES_FOR_TYPOS:
            return None
        found = {
            self._by_key[known].id: self._by_key[known]
            for index in range(len(key))
            for known in self._but_one.get((index, key[:index] + key[index + 1 :]), ())
            if _one_slip(key[index], known[index])
        }
        return next(iter(found.values())) if len(found) == 1 else None


def without_when(name: str) -> str:
    """Return the name without the year, term or count at its end: “Tháng Công nhân năm 2021” is Tháng Công nhân."""
    return _WHEN.sub("", name.strip()).strip(" ,-–")


@functools.cache
def load_registry() -> Registry:
    """Return the registry that comes with the package.

    Raises:
        LexiconInvalid: an entry lacks a fact, has an unknown key, or shares a name with another.
    """
    return read_registry(files("pipeline").joinpath("lexicon/movements.toml").read_text(encoding="utf-8"))


def read_registry(toml: str) -> Registry:
    """Return the registry written in the form of lexicon/movements.toml."""
    return Registry([_entry(fields) for fields in tomllib.loads(toml).get("movement", [])])


def _entry(fields: dict[str, Any]) -> Entry:
    where = f"movements.toml: movement {fields.get('id', fields.get('name', '?'))!r}"
    for key, value in fields.items():
        if key == "aliases":
            expected = isinstance(value, list) and all(isinstance(alias, str) and alias.strip() for alias in value)
        elif key in _TEXT_KEYS:
            expected = isinstance(value, str) and bool(value.strip())
        else:
            expected = key in _FLAG_KEYS and isinstance(value, bool)
        if not expected:
            raise LexiconInvalid(f"{where}: {key} = {value!r}: expected a filled text, a list of them, or true/false")
    for key in ("id", "name", "kind", "source"):
        if key not in fields:
            raise LexiconInvalid(f"{where}: no {key}: every movement has id, name, kind and source")
    if fields["kind"] not in get_args(MovementKind):
        raise LexiconInvalid(f"{where}: kind = {fields['kind']!r}: expected one of {', '.join(get_args(MovementKind))}")
    return Entry(**{**fields, "aliases": tuple(fields.get("aliases", ()))})


def _one_slip(printed: str, known: str) -> bool:
    """Two syllables that differ in their marks only, or in one letter; another number is another name."""
    if printed.isdecimal() or known.isdecimal():
        return False
    bare, known_bare = without_diacritics(printed), without_diacritics(known)
    if bare == known_bare:
        return True
    if abs(len(bare) - len(known_bare)) > 1 or min(len(bare), len(known_bare)) < 2:
        return False
    common = 0
    while common < min(len(bare), len(known_bare)) and bare[common] == known_bare[common]:
        common += 1
    rest, known_rest = bare[common:], known_bare[common:]
    return rest[1:] == known_rest[1:] or rest[1:] == known_rest or rest == known_rest[1:]
