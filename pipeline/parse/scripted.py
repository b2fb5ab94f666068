"""What the scripts of a page hold as data: JSON by itself, assigned to a variable, flattened by Nuxt, built by a
function's arguments, or pushed in rows by Next."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from pipeline.parse.dom import Element
from pipeline.parse.flight import rows_pushed
from pipeline.parse.javascript import data_at, data_of_function

# the largest state seen has 0.6 million characters; each of them costs some ten bytes when read
MAX_CHARACTERS = 3_000_000
# values of a flattened state that are put back where they belong, and how deep
MAX_REVIVED, MAX_DEPTH = 20_000, 12

# letters before the name of the state that a script pushes or builds
MAX_LETTERS_TO_PUSH = 200

_ASSIGNED = re.compile(
    r"(?:(?:var|let|const)\s)?(?:(?:window|self|globalThis)(?:\.|\[[\"']))?(?P<name>[\w$]{2,60})(?:[\"']\])?"
    r"\s?=\s?(?P<quoted>JSON\.parse\(\s?)?(?=[{\[\"])"
)
# a value that stands further down in a script
_KEPT = re.compile(r"(?:\b(?:var|let|const)\s|\b(?:window|self|globalThis)\.)(?P<name>[\w$]{2,60})\s?=\s?(?=[{\[])")
MIN_CHARACTERS, MAX_KEPT = 500, 10
_UNDEFINED = re.compile(r"(?<=[:,\[ ])(?:undefined|NaN|void 0)(?=\s?[,}\]])")
# as Angular writes what it hands over to the browser
_ANGULAR = (("&q;", '"'), ("&s;", "'"), ("&l;", "<"), ("&g;", ">"), ("&a;", "&"))


def data_in(scripts: Iterable[Element]) -> Iterator[tuple[str, object]]:
    """Give the data that scripts hold, each with the name of the script or variable; what is no JSON is left out."""
    pushed: list[str] = []
    for script in scripts:
        text = (script.text or "").strip()
        if len(text) > MAX_CHARACTERS:
            continue
        if "__next_f" in text[:MAX_LETTERS_TO_PUSH]:
            pushed.append(text)
            continue
        name, data = _held(script, text)
        if isinstance(data, dict | list):
            yield name, _revived(data) if _is_flat(data) else data
        else:
            yield from _within(text)
    if pushed and (rows := rows_pushed(pushed)):
        yield "__next_f", rows


def _held(script: Element, text: str) -> tuple[str, object]:
    """Return the data of one script and its name, None where it holds none."""
    if "json" in (script.get("type") or ""):
        return script.get("id") or str(script.get("type")), _loaded(text)
    if assigned := _ASSIGNED.match(text):
        data = _first_value(text, assigned.end())
        return assigned["name"], _loaded(data) if assigned["quoted"] and isinstance(data, str) else data
    if "__NUXT__" in text[:MAX_LETTERS_TO_PUSH] and (built := data_of_function(text)):
        return built
    return "", None


def _within(text: str) -> Iterator[tuple[str, object]]:
    """Give the values that a script keeps further down, as literals of its own language ("const data = [{title: …")."""
    for found in islice(_KEPT.finditer(text), MAX_KEPT):
        data = data_at(text, found.end()) if len(text) - found.end() >= MIN_CHARACTERS else None
        if isinstance(data, dict | list):
            yield found["name"], data


def data_of_elements(root: Element) -> Iterator[tuple[str, object]]:
    """Give the data that elements of a page hold for its application in an attribute (`<div id="app" data-page="{…}">`:
    Inertia), each with the attribute's name."""
    for node in root.iter("div", "main", "section", "article"):
        for name, value in node.items():
            written = str(value).lstrip()
            if len(written) >= MIN_CHARACTERS and written[0] in "{[":
                yield str(name), _first_value(written, 0)


def _loaded(text: str) -> object:
    if text.startswith("{&q;"):
        for written, meant in _ANGULAR:
            text = text.replace(written, meant)
    return _first_value(text, 0)


def _first_value(text: str, start: int) -> object:
    """Return the JSON value that begins at a place of a script, whatever follows it; None when there is none."""
    decoder = json.JSONDecoder(strict=False)
    for undefined_is_null in (False, True):  # only where it is needed: a state may have a million characters
        try:
            return decoder.raw_decode(_UNDEFINED.sub("null", text) if undefined_is_null else text, start)[0]
        except (ValueError, RecursionError):
            continue
    return None


def _is_flat(data: object) -> bool:
    """Whether data are as Nuxt 3 writes them: one list, in which objects name their values by their numbers."""
    first = data[0] if isinstance(data, list) and data else None
    numbers = [*first.values()] if isinstance(first, dict) else first
    if isinstance(numbers, list) and numbers and isinstance(numbers[0], str):
        numbers = numbers[1:]  # ["ShallowReactive", 1]: a mark around all of it
    return isinstance(numbers, list) and bool(numbers) and all(type(one) is int for one in numbers)


def _revived(values: object) -> object:
    """Return a flattened state with each value in its place; what is deeper or more than any article's is None."""
    left = MAX_REVIVED

    def value_of(number: object, depth: int) -> object:
        nonlocal left
        left -= 1
        if not isinstance(values, list) or type(number) is not int or not 0 <= number < len(values):
            return None
        value = values[number]
        if not isinstance(value, dict | list):
            return value
        if depth > MAX_DEPTH or left < 0:
            return None
        if isinstance(value, dict):
            return {name: value_of(one, depth + 1) for name, one in value.items()}
        if value and isinstance(value[0], str):  # ["Reactive", 2], ["Date", "2024-…"]: a mark of Nuxt's around a value
            inner = value[1] if len(value) > 1 else None
            return inner if isinstance(inner, str) else value_of(inner, depth + 1)
        return [value_of(one, depth + 1) for one in value]

    return value_of(0, 0)
