"""No regular expression takes more than linear time, whatever it is given."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest

import crawler
import pipeline
from crawler.sites import Sites
from pipeline.furniture import MAX_LINE_CHARACTERS
from pipeline.movements.line import MAX_NAME_CHARACTERS

# what these read is a name, or the words between one and its trigger, never longer than MAX_NAME_CHARACTERS
OF_NAMES = tuple(
    f"pipeline.movements.{name}"
    for name in ("heads", "known_names", "names", "quoted_names", "reader", "references", "registry", "verdict")
)
MODULES = tuple(
    module.name
    for package in (pipeline, crawler)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if module.name not in OF_NAMES and not module.name.endswith("__main__")
)
# what is only ever matched from one place on, and never searched for
ANCHORED = {
    *("pipeline.amounts._GLUED", "pipeline.nlp.patterns.QUANTITY", "pipeline.nlp.patterns.WHOLE_NUMBER"),
    *("pipeline.nlp.press_splitting._LIST_NUMBER", "pipeline.nlp.segmenter._INTEGER", "pipeline.retention._NAME"),
    *("pipeline.sitedraft.addresses._NAMED", "pipeline.sitedraft.identity._WHERE", "crawler.payload._CHUNK_SIZE"),
}
WHOLE_LINES = ("patterns", "bylines", "sources")  # parts of the furniture's lists that are matched whatever the case
# characters of the shorter input; lines that furniture is looked for in are never longer than MAX_LINE_CHARACTERS
SHORT, TIMES = 1_000, 4
# of four times the input: linear takes 4 times as long, quadratic 16; what ends in less than this says nothing
MAX_GROWTH, TELLING_SECONDS = 9.0, 0.03
ROUNDS = 3
PIECES = (
    *(" ", "a", "A", "0", "1 ", "a ", "A ", "Á", "-", "- ", ".", ",", ":", "/", "|", "(", ")", "[", "<", ">", "&"),
    *("1/", "1:", "a-", "a.", "a b", "Ảnh ", "số 1/", "<meta ", "charset ", '"', '\\"', '"@type":"', "{", "}", ",}"),
    *("&#1", "{{", "\n", "\t"),
)


def named(pattern: re.Pattern[str] | re.Pattern[bytes], where: str, *how: bool) -> object:
    return pytest.param(pattern, *how, id=f"{where}: {str(pattern.pattern)[:40]}".encode("ascii", "replace").decode())


def patterns_of(value: object) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from patterns_of(part)


def of_modules(names: tuple[str, ...]) -> dict[re.Pattern[str] | re.Pattern[bytes], str]:
    """Every pattern that a module compiles once, and its name."""
    found: dict[re.Pattern[str] | re.Pattern[bytes], str] = {}
    for module in names:
        for name, value in vars(importlib.import_module(module)).items():
            for pattern in patterns_of(value):
                found.setdefault(pattern, f"{module}.{name}")
    return found


def of_rules() -> list[object]:
    """Every pattern of furniture by itself, shipped and of the sites' profiles; captions are searched for in a line."""
    shipped = tomllib.loads(files("pipeline").joinpath("lexicon/furniture.toml").read_text(encoding="utf-8"))["seen"]
    of_sites = [site.furniture for site in Sites()]
    listed = {
        **{pattern: "datelines" for own in of_sites for pattern in own.datelines},
        **{pattern: "patterns" for own in of_sites for pattern in own.patterns},
        **{pattern: part for part in WHOLE_LINES for seen in shipped for pattern in seen.get(part, ())},
        **{pattern: "captions" for seen in shipped for pattern in seen.get("captions", ())},
    }
    flags = dict.fromkeys(WHOLE_LINES, re.IGNORECASE)
    compiled = [(re.compile(pattern, flags.get(part, 0)), part) for pattern, part in listed.items()]
    return [named(pattern, part, part == "captions") for pattern, part in compiled]


def attacks(pattern: re.Pattern[str] | re.Pattern[bytes]) -> list[str]:
    """Pieces to repeat: what breaks many a pattern, and the words of this one."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    words = dict.fromkeys(re.findall(r"[^\W\d_]{2,}", source))
    return [*PIECES, *list(words)[:8], *(f"{word} " for word in list(words)[:8])]


def seconds(pattern: re.Pattern[str] | re.Pattern[bytes], text: str, *, searched: bool) -> float:
    """The least CPU time of a match and a full match, and of searching the whole text."""
    given = text.encode() if isinstance(pattern.pattern, bytes) else text
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        pattern.match(given)  # type: ignore[arg-type]
        for _ in pattern.finditer(given) if searched else ():  # type: ignore[arg-type]
            pass
        pattern.fullmatch(given)  # type: ignore[arg-type]
        best = min(best, time.process_time() - started)
        if best < TELLING_SECONDS:
            break
    return best


def slow_on(pattern: re.Pattern[str] | re.Pattern[bytes], longest: int, *, searched: bool = True) -> list[str]:
    """The pieces on whose repetition the time grows faster than the text."""
    for piece in attacks(pattern):
        for end in ("!", ""):
            long = (piece * (longest // len(piece) + 1))[:longest] + end
            taken = seconds(pattern, long, searched=searched)
            short = long[: longest // TIMES] + end
            if taken > TELLING_SECONDS and taken > MAX_GROWTH * seconds(pattern, short, searched=searched):
                return [f"{piece!r}: {taken:.2f} s for {len(long):,} characters"]
    return []


@pytest.mark.parametrize("pattern", [named(pattern, name) for pattern, name in of_modules(OF_NAMES).items()])
def test_a_pattern_reads_a_name_in_no_time(pattern: re.Pattern[str]) -> None:
    assert slow_on(pattern, MAX_NAME_CHARACTERS) == []


@pytest.mark.parametrize(
    ("pattern", "searched"),
    [pytest.param(pattern, name not in ANCHORED, id=name) for pattern, name in of_modules(MODULES).items()],
)
def test_a_pattern_takes_time_linear_in_the_text(pattern: re.Pattern[str], searched: bool) -> None:
    assert slow_on(pattern, SHORT * TIMES, searched=searched) == []


def test_what_is_said_to_be_anchored_is_there() -> None:
    assert set(of_modules(MODULES).values()) >= ANCHORED


@pytest.mark.parametrize(("pattern", "searched"), of_rules())
def test_a_rule_of_furniture_takes_time_linear_in_the_line(pattern: re.Pattern[str], searched: bool) -> None:
    assert slow_on(pattern, MAX_LINE_CHARACTERS, searched=searched) == []
