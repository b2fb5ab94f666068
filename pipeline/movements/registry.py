"""The registry of known movements (lexicon/movements.toml), and the linking of printed names to it."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal, get_args

import tomli

from pipeline.movements.names import (
    loose_key,
    printed_key,
    spellings,
    without_emulation,
    without_scope,
    without_when,
)
from pipeline.records import MovementKind
from pipeline.syllables import unmarked_key, without_diacritics
from pipeline.trie import Trie

Sector = Literal[
    "cong_doan",
    "toan_dan",
    "mat_tran",
    "phu_nu",
    "thanh_nien",
    "thieu_nhi",
    "nong_dan",
    "cuu_chien_binh",
    "nguoi_cao_tuoi",
    "chu_thap_do",
    "quan_doi",
    "cong_an",
    "giao_duc",
    "y_te",
    "cong_vu",
    "doanh_nghiep",
    "an_toan_lao_dong",
    "moi_truong",
    "bao_chi",
]
MIN_SYLLABLES_FOR_TYPOS = 6  # shorter names with one syllable changed are other names: "việc nước", "việc trường"
_FOUND_REMEMBERED = 1 << 14
_JOINTS = " \t\u00a0,-–—/&"  # between two syllables of an unquoted name; a quote or a full stop ends it
_THEME = re.compile(r"\s*[-–—:,]\s+|\s+[-–—]")
_SOURCED = ("launched_by", "since", "until")  # facts that may have a source of their own, as in since_source
_TEXT_KEYS = ("id", "name", "kind", "sector", "source", *_SOURCED, *(f"{fact}_source" for fact in _SOURCED))
_CHOICES: dict[str, tuple[str, ...]] = {"kind": get_args(MovementKind), "sector": get_args(Sector)}
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_FLAG_KEYS = ("alone", "lower", "triggered", "themed", "unsure")


class LexiconInvalid(ValueError):
    """A lexicon file that breaks its own rules; the message says file, key, value and what was expected."""


class MovementUnknown(LookupError):
    """No movement of the registry has this id or name; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A known movement.

    `alone` names are recognised without a trigger and without quotes, where a capital letter marks them; `lower` ones
    also when all is lower case. `triggered` names are words that other things bear too (“Xanh - Sạch - Đẹp” is said of
    streets): they need a trigger even in quotes. `themed` names take a theme of the year after a dash
    (“Tết Sum vầy - Xuân bình an”).
    `unsure` facts were not read anywhere but known by memory. A fact was read in `source`, unless it has a source of
    its own. Dates are years, months or days: "2014", "2014-12", "2014-12-31".
    """

    id: str
    name: str
    kind: MovementKind
    source: str
    aliases: tuple[str, ...] = ()
    launched_by: str | None = None
    since: str | None = None
    until: str | None = None
    sector: Sector | None = None
    launched_by_source: str | None = None
    since_source: str | None = None
    until_source: str | None = None
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
        self._loose: dict[tuple[str, ...], Entry | None] = {}  # None where two movements share the key
        self._found: dict[str, Entry | None] = {}  # names printed so far: the same ones come again and again
        self._trie: Trie[Entry] = Trie(_JOINTS)
        for entry in entries:
            if entry.id in self._by_id:
                raise LexiconInvalid(f"movements.toml: id = {entry.id!r} twice: ids are unique")
            self._by_id[entry.id] = entry
            for name in (entry.name, *entry.aliases):
                self._add(name, entry)
        for named in entries:
            bare = without_emulation(named.name)  # "phong trào thi đua Quyết thắng" is the movement Thi đua Quyết thắng
            if bare != named.name:
                self._by_key.setdefault(printed_key(bare), named)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __getitem__(self, movement_id: str) -> Entry:
        return self._by_id[movement_id]

    def find(self, name: str) -> Entry | None:
        """Return the entry that a whole printed name stands for, or None. No two different names are merged.

        Case, tone placement, dashes, commas, abbreviations, the year, whom it is for and a theme of the year may
        differ; in a name of 6 syllables or more also small words ("và", "một") and one misspelled syllable (marks
        missing or wrong, or one letter). A name without any marks is that of a movement if of one only.
        """
        if name not in self._found:
            if len(self._found) >= _FOUND_REMEMBERED:
                self._found.clear()
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> Entry | None:
        for printed in dict.fromkeys((name, without_when(name), without_scope(name), without_emulation(name))):
            key = printed_key(printed)
            entry = self._by_key.get(key) or self._themed(printed) or self._loosely(key) or self._misspelled(key)
            if entry is None and key == unmarked_key(printed):
                entry = self._unmarked.get(key)
            if entry is not None:
                return entry
        return None

    def link(self, name: str) -> Link:
        """Return the canonical name and id for a printed name, known or not."""
        entry = self.find(name)
        if entry is not None:
            return Link(entry.id, entry.name, entry)
        tidy = " ".join((without_when(name) or name).split())
        digest = hashlib.sha256(" ".join(printed_key(tidy)).encode()).hexdigest()
        return Link(f"x-{digest[:12]}", tidy[:1].upper() + tidy[1:], None)

    def names(self, *, marked: bool = True) -> Trie[Entry]:
        """The known names as they stand in a text typed with marks, or without them."""
        return self._trie if marked else self._unmarked_trie

    def _add(self, name: str, entry: Entry) -> None:
        key = printed_key(name)
        known = self._by_key.setdefault(key, entry)
        if known is not entry:
            raise LexiconInvalid(f"movements.toml: {name!r} is a name of {known.id} and of {entry.id}: one id a name")
        for spelling in spellings(name, key):
            self._trie.add(spelling, entry)
        if (loose := loose_key(key)) is not None:
            _add_unless_shared(self._loose, loose, entry)
        if len(key) >= MIN_SYLLABLES_FOR_TYPOS:
            for index in range(len(key)):
                self._but_one.setdefault((index, key[:index] + key[index + 1 :]), []).append(key)

    @functools.cached_property
    def _unmarked(self) -> dict[tuple[str, ...], Entry | None]:
        """Names as typed without marks, which hardly any text is; None where two movements share one."""
        unmarked: dict[tuple[str, ...], Entry | None] = {}
        for entry in self:
            for name in (entry.name, *entry.aliases):
                _add_unless_shared(unmarked, unmarked_key(name), entry)
        return unmarked

    @functools.cached_property
    def _unmarked_trie(self) -> Trie[Entry]:
        trie: Trie[Entry] = Trie(_JOINTS)
        for key, entry in self._unmarked.items():
            if entry is not None:
                trie.add(key, entry)
        return trie

    def _loosely(self, key: tuple[str, ...]) -> Entry | None:
        loose = loose_key(key)
        return None if loose is None else self._loose.get(loose)

    def _themed(self, name: str) -> Entry | None:
        head = _THEME.split(name.strip(), maxsplit=1)[0]
        entry = self._by_key.get(printed_key(head))
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


@functools.cache
def load_registry() -> Registry:
    """Return the registry that comes with the package.

    Raises:
        LexiconInvalid: an entry lacks a fact, has an unknown key, or shares a name with another.
    """
    return read_registry(files("pipeline").joinpath("lexicon/movements.toml").read_text(encoding="utf-8"))


def read_registry(toml: str) -> Registry:
    """Return the registry written in the form of lexicon/movements.toml."""
    return Registry([_entry(fields) for fields in tomli.loads(toml).get("movement", [])])


def _entry(fields: dict[str, Any]) -> Entry:
    where = f"movements.toml: movement {fields.get('id', fields.get('name', '?'))!r}"
    for key, value in fields.items():
        expected = _expected(key, value)
        if expected is not None:
            raise LexiconInvalid(f"{where}: {key} = {value!r}: expected {expected}")
    for key in ("id", "name", "kind", "source"):
        if key not in fields:
            raise LexiconInvalid(f"{where}: no {key}: every movement has id, name, kind and source")
    for fact in _SOURCED:
        if f"{fact}_source" in fields and fact not in fields:
            raise LexiconInvalid(f"{where}: {fact}_source without {fact}: a source is of a fact")
    return Entry(**{**fields, "aliases": tuple(fields.get("aliases", ()))})


def _expected(key: str, value: object) -> str | None:
    """Return what should stand there, or None where `value` is right for `key`."""
    if key in _FLAG_KEYS:
        return None if isinstance(value, bool) else "true or false"
    if key == "aliases":
        right = isinstance(value, list) and all(isinstance(alias, str) and alias.strip() for alias in value)
        return None if right else "a list of filled texts"
    if key in _CHOICES:
        return None if value in _CHOICES[key] else f"one of {', '.join(_CHOICES[key])}"
    if key not in _TEXT_KEYS:
        return f"one of the keys {', '.join((*_TEXT_KEYS, 'aliases', *_FLAG_KEYS))}"
    if not isinstance(value, str) or not value.strip():
        return "a filled text"
    return "a year, month or day: 2014-12-31" if key in ("since", "until") and not _DATE.fullmatch(value) else None


def _add_unless_shared(names: dict[tuple[str, ...], Entry | None], key: tuple[str, ...], entry: Entry) -> None:
    """Add a name unless it is another movement's too: then it is nobody's."""
    names[key] = entry if names.setdefault(key, entry) is entry else None


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
