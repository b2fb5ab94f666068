"""The data that a script builds with a function and its arguments, as Nuxt 2 writes a page's state:
`__NUXT__=(function(a,b){a.title=b;return {article:a}}({},"…"))`. Values only: nothing of it is run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

# values that are read of one script, how deep they lie in one another, and how many are put in the places of names
MAX_VALUES, MAX_DEPTH, MAX_RESOLVED = 200_000, 40, 50_000

_FUNCTION = re.compile(r"(?P<name>[\w$]{2,60})\s?=\s?\(?function\s?\((?P<parameters>[\w$,\s]{0,20000})\)\s?\{")
_TOKEN = re.compile(
    r"(?P<blank>\s+)|(?P<string>\"(?:[^\"\\]|\\.)*+\"?|'(?:[^'\\]|\\.)*+'?|`(?:[^`\\]|\\.)*+`?)"
    r"|(?P<number>-?(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][+-]?\d++)?+)|(?P<name>[\w$]+)|(?P<mark>.)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None, "Infinity": None}
_ENDS = {"[": "]", "{": "}", "(": ")"}


class NoData(ValueError):
    """A script that builds its data otherwise."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in the place of a value: a parameter of the function."""

    name: str


def data_of_function(script: str) -> tuple[str, object] | None:
    """Return the name that a script gives the result of a function, and the result; None when it does no such thing."""
    begun = _FUNCTION.search(script[:60_000])
    if begun is None:
        return None
    parameters = [name.strip() for name in begun["parameters"].split(",") if name.strip()]
    try:
        reader = _Reader(script, begun.end())
        assignments, returned = reader.statements()
        reader.expect("}")
        while reader.peek() == ")":
            reader.expect(")")
        arguments = reader.sequence("(")
        return begun["name"], _Resolved(dict(zip(parameters, arguments, strict=False)), assignments).of(returned)
    except (NoData, RecursionError):
        return None


def data_at(script: str, start: int) -> object:
    """Return the value that is written at a place of a script, names and calls in it None; None when there is none."""
    try:
        return _Resolved({}, []).of(_Reader(script, start).value())
    except (NoData, RecursionError):
        return None


class _Reader:
    """The values of a script, read one after another from a place on."""

    def __init__(self, script: str, start: int) -> None:
        self._tokens = _TOKEN.finditer(script, start)
        self._left = MAX_VALUES
        self._token = self._following()

    def _following(self) -> tuple[str, str]:
        for found in self._tokens:
            if found.lastgroup != "blank":
                return str(found.lastgroup), found[0]
        return "end", ""

    def peek(self) -> str:
        return self._token[1] if self._token[0] in ("mark", "name") else ""

    def _take(self) -> tuple[str, str]:
        taken, self._token = self._token, self._following()
        return taken

    def expect(self, mark: str) -> None:
        if self._take() != ("mark", mark):
            raise NoData(f"no {mark}")

    def statements(self) -> tuple[list[tuple[list[Any], Any]], Any]:
        """Return the assignments of a function, each with the way to its place, and what it returns."""
        assignments: list[tuple[list[Any], Any]] = []
        while self.peek() != "return":
            way: list[Any] = [self._take()[1]]
            while self.peek() in (".", "["):
                way.append(self._step())
            self.expect("=")
            assignments.append((way, self.value()))
            if self.peek() in (";", ","):
                self._take()
        self._take()
        returned = self.value()
        if self.peek() == ";":
            self._take()
        return assignments, returned

    def _step(self) -> Any:
        if self._take()[1] == ".":
            return self._take()[1]
        step = self.value()
        self.expect("]")
        return step

    def value(self, depth: int = 0) -> Any:
        """Return the next value; what is called or made by an operator is None."""
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            raise NoData("more values than any state")
        kind, written = self._take()
        if kind == "string":
            return _text(written)
        if kind == "number":
            return float(written) if set(written) & set(".eE") else int(written)
        if kind == "name":
            return self._named(written, depth)
        if written == "!":
            return not self.value(depth + 1)
        if written == "[":
            return self.sequence("[", depth, opened=True)
        if written == "{":
            return self._object(depth)
        raise NoData(f"no value: {written[:20]!r}")

    def _named(self, name: str, depth: int) -> Any:
        if name in ("void", "new"):
            value = self.value(depth + 1)
            return None if name == "void" or not isinstance(value, dict | list) else value
        if self.peek() == "(":  # Array(3), Date("…")
            self.sequence("(", depth + 1)
            return [] if name == "Array" else None
        return _WORDS[name] if name in _WORDS else _Name(name)

    def sequence(self, mark: str, depth: int = 0, *, opened: bool = False) -> list[Any]:
        """Return the values between two brackets."""
        if not opened:
            self.expect(mark)
        values: list[Any] = []
        while self.peek() != _ENDS[mark]:
            values.append(None if self.peek() == "," else self.value(depth + 1))
            if self.peek() == ",":
                self._take()
            elif self.peek() != _ENDS[mark]:
                raise NoData("no end")
        self._take()
        return values

    def _object(self, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while self.peek() != "}":
            kind, written = self._take()
            name = _text(written) if kind == "string" else written
            if kind == "end":
                raise NoData("no end")
            if self.peek() == ":":
                self._take()
                values[name] = self.value(depth + 1)
            else:  # {title} is {title: title}
                values[name] = _Name(name)
            if self.peek() == ",":
                self._take()
            elif self.peek() != "}":
                raise NoData("no end")
        self._take()
        return values


class _Resolved:
    """Values with those of the arguments in the places of the parameters' names."""

    def __init__(self, arguments: dict[str, Any], assignments: list[tuple[list[Any], Any]]) -> None:
        self._arguments = arguments
        self._left = MAX_RESOLVED
        for way, value in assignments:
            self._assign(way, value)

    def _assign(self, way: list[Any], value: Any) -> None:
        place: Any = self._arguments.get(way[0])
        for step in way[1:-1]:
            place = place.get(str(step)) if isinstance(place, dict) else None
        if isinstance(place, dict) and len(way) > 1:
            place[str(way[-1])] = value
        elif isinstance(place, list) and way[-1] == len(place):
            place.append(value)

    def of(self, value: Any, depth: int = 0) -> Any:
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            return None
        if isinstance(value, _Name):
            return self.of(self._arguments.get(value.name), depth + 1)
        if isinstance(value, dict):
            return {name: self.of(one, depth + 1) for name, one in value.items()}
        return [self.of(one, depth + 1) for one in value] if isinstance(value, list) else value


def _text(written: str) -> str:
    """Return what a string literal stands for."""
    text = _ESCAPE.sub(_unescaped, written[1:].removesuffix(written[0]))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescaped(escape: re.Match[str]) -> str:
    letter = escape[1]
    return chr(int(letter[1:], 16)) if len(letter) > 1 else _ESCAPED.get(letter, letter)
