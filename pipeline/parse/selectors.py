"""CSS selectors: the names that they ask a page to have, and answers by its elements' classes, without a search."""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple, cast

from cssselect.parser import Attrib, Class, CombinedSelector, Hash, parse
from cssselect.parser import Element as Named

from pipeline.parse.dom import Element, hides, hides_called, select

# elements of a class or with an attribute that are looked at one by one; of more, the whole page is searched at once
MAX_OF_A_CLASS = 200

_BLANKS = re.compile(r"[ \t\r\n]+")  # of HTML; a no-break space is part of a class
_LONGEST_REMEMBERED = 200  # characters of an attribute
_PLAIN = re.compile(r"[A-Za-z][\w-]{0,60}")  # the name of an attribute; one with a colon is not looked for


@dataclass(frozen=True, slots=True)
class Asked:
    """The classes and ids that an element and those around it must have, parts of such, and their attributes."""

    names: frozenset[str]
    parts: frozenset[str]
    attributes: frozenset[str]


_names = cast(Callable[[Element], list[str]], Element.keys)  # of an element's attributes


class Value(NamedTuple):
    """What an attribute must be: there, with `part` in it, and where it is not a part only, that as a whole."""

    name: str
    part: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a selector: what an element is; `child` where the step before it must be its parent."""

    tag: str | None
    classes: frozenset[str]
    values: tuple[Value, ...]
    child: bool


@functools.cache
def asked_names(css: str) -> tuple[Asked, ...]:
    """Return what each alternative of a selector asks an element and those around it to have."""
    return tuple(
        Asked(*(frozenset(name for name, kind in asked if kind == one) for one in ("name", "part", "attribute")))
        for selector in parse(css)
        for asked in (_asked(selector.parsed_tree),)
    )


@functools.lru_cache(maxsize=256)
def by_name(selectors: tuple[str, ...]) -> Mapping[str, list[int]]:
    """Return at which places selectors stand that ask for a name: each alternative under one of its own, and under the
    empty one all that ask for none."""
    places: dict[str, list[int]] = {"": []}
    for place, css in enumerate(selectors):
        for asked in asked_names(css):
            places.setdefault(min(asked.names, default=""), []).append(place)
    return MappingProxyType(places)


def _asked(part: object) -> set[tuple[str, str]]:
    """Return the names that a part of a selector asks for, each with its kind."""
    if isinstance(part, CombinedSelector):
        return _asked(part.selector) | _asked(part.subselector)
    own: set[tuple[str, str]] = set()
    if isinstance(part, Class):
        own = {(part.class_name, "name")}
    elif isinstance(part, Hash):
        own = {(part.id, "name")}
    elif isinstance(part, Attrib):
        own = {(part.attrib.lower(), "attribute")} if part.operator != "!=" and _PLAIN.fullmatch(part.attrib) else set()
        if part.attrib in ("class", "id") and part.operator == "*=" and part.value:
            own = {(value, "part")} if len((value := str(part.value.value)).split()) == 1 else own
    inner = getattr(part, "selector", None)
    return own | _asked(inner) if inner is not None else own


@functools.cache
def steps_of(css: str) -> tuple[Step, ...]:
    """Return the steps of a selector from the outermost in; none where it has alternatives, or asks for more than tags,
    classes, ids, attributes and what they are or hold, each within the one before it."""
    selectors = parse(css)
    if len(selectors) > 1 or selectors[0].pseudo_element is not None:
        return ()
    return tuple(_steps(selectors[0].parsed_tree) or ())


def _steps(tree: object) -> list[Step] | None:
    if not isinstance(tree, CombinedSelector):
        step = _step(tree, child=False)
        return [step] if step else None
    before, step = _steps(tree.selector), _step(tree.subselector, child=tree.combinator == ">")
    return [*before, step] if before and step and tree.combinator in (" ", ">") else None


def _step(tree: object, *, child: bool) -> Step | None:
    classes: set[str] = set()
    values: list[Value | None] = []
    while isinstance(tree, Class | Hash | Attrib):
        if isinstance(tree, Class):
            classes.add(tree.class_name)
        else:
            values.append(Value("id", tree.id, whole=True) if isinstance(tree, Hash) else _value(tree))
        tree = tree.selector
    if not isinstance(tree, Named) or tree.namespace is not None or None in values:
        return None
    tag = tree.element.lower() if tree.element else None
    return Step(tag, frozenset(classes), tuple(value for value in values if value), child)


def _value(asked: Attrib) -> Value | None:
    """Return what a selector asks an attribute to be, None where it asks for more than what it is or holds."""
    if asked.namespace is not None or not _PLAIN.fullmatch(asked.attrib):
        return None
    name, value = asked.attrib.lower(), str(asked.value.value) if asked.value is not None else ""
    if asked.operator == "exists":
        return Value(name)
    return Value(name, value, asked.operator == "=") if value and asked.operator in ("=", "*=") else None


def _stands(node: Element, steps: tuple[Step, ...], top: Element) -> bool:
    """Whether an element in `top` is the last of the steps and the others stand around it; linear in its depth."""
    if not _is(node, steps[-1]):
        return False
    around = _up_to(node, top)
    if around is None or len(steps) == 1:
        return around is not None
    if len(steps) == 2:
        return any(_is(element, steps[0]) for element in (around[:1] if steps[1].child else around))
    found, far = {len(steps) - 1}, set[int]()  # of the steps: which the last element is, which may stand further out
    for element in around:
        if 0 in found:
            return True
        near = {at - 1 for at in found if steps[at].child}
        far |= {at - 1 for at in found if not steps[at].child}
        found = {at for at in near | far if _is(element, steps[at])}
        if not found and not far:
            return False
    return 0 in found


def _up_to(node: Element, top: Element) -> list[Element] | None:
    """Return the elements around one, up to `top`, None where it is not in it."""
    if node is top:
        return []
    around = list(node.iterancestors())
    return around[: around.index(top) + 1] if top in around else None


def _is(node: Element, step: Step) -> bool:
    if step.tag is not None and node.tag != step.tag:
        return False
    if step.classes and not step.classes <= _classes(node.get("class") or ""):
        return False
    return not step.values or all(_has(node, value) for value in step.values)


def _has(node: Element, value: Value) -> bool:
    printed = node.get(value.name)
    return printed is not None and (printed == value.part if value.whole else value.part in printed)


def _classes(printed: str) -> frozenset[str]:
    """Return the classes in an attribute; few are new from page to page."""
    return (_classes_in if len(printed) <= _LONGEST_REMEMBERED else _classes_in.__wrapped__)(printed)


@functools.lru_cache(maxsize=1 << 12)
def _classes_in(printed: str) -> frozenset[str]:
    return frozenset(_BLANKS.split(printed))


class Called:
    """The elements of a page by their classes and other attributes, read once.

    They may be out of the tree when they are asked for.

    With `seen_only` what no reader sees, `hidden`, is left out as if it were out of the tree.
    """

    def __init__(self, root: Element, *, seen_only: bool = False) -> None:
        having: dict[str, list[Element]] = defaultdict(list)
        for node in root.iter():
            for name in _names(node):
                having[name].append(node)
        self._having = dict(having)
        self._nodes = self._having.get("class", [])
        # the numbers of the elements whose classes are printed alike
        alike: dict[str, list[int]] = defaultdict(list)
        for number, node in enumerate(self._nodes):
            alike[node.get("class") or ""].append(number)
        self._alike = dict(alike)
        self.hidden = self._find_hidden(root) if seen_only else []
        out = _all_in(self.hidden)
        if out:
            self._leave_out(out)
        self.attributes = frozenset(self._having)
        self.ids = [node.get("id") or "" for node in self._having.get("id", ()) if node not in out]
        # of each class, which elements have it, by each way in which their classes are printed
        self.classes: dict[str, list[list[int]]] = defaultdict(list)
        for printed, numbers in self._alike.items():
            for name in _classes(printed):
                self.classes[name].append(numbers)

    def _find_hidden(self, root: Element) -> list[Element]:
        called = [number for printed, numbers in self._alike.items() if hides_called(printed) for number in numbers]
        styled = [node for node in self._having.get("style", ()) if hides(node.get("style") or "")]
        hidden = [*(self._nodes[number] for number in called), *styled, *self._having.get("hidden", ())]
        return [node for node in hidden if node is not root]

    def _leave_out(self, out: set[Element]) -> None:
        """Forget the names that no other elements have."""
        names = Counter(name for node in out for name in _names(node))
        printed = Counter(node.get("class") for node in out)
        self._having = {name: nodes for name, nodes in self._having.items() if len(nodes) > names[name]}
        self._alike = {name: numbers for name, numbers in self._alike.items() if len(numbers) > printed[name]}

    def find(self, css: str, top: Element) -> list[Element]:
        """Return the elements that a CSS selector finds in an element, in document order.

        The few elements of a class or with an attribute are looked at one by one, and all of a tag; for all else the
        element is searched through.
        """
        steps = steps_of(css)
        if len(steps) == 1 and steps[0].tag and not (steps[0].classes or steps[0].values):
            return list(top.iter(steps[0].tag))
        found = self._candidates(steps)
        return select(top, css) if found is None else [node for node in found if _stands(node, steps, top)]

    def _candidates(self, steps: tuple[Step, ...]) -> Iterable[Element] | None:
        """Return few elements, in document order, among which are all that steps lead to; None where they are many."""
        at = next((at for at in reversed(range(len(steps))) if steps[at].classes or steps[at].values), None)
        if at is None:
            return None
        nodes = self._few(steps[at], MAX_OF_A_CLASS if at == len(steps) - 1 else 1)
        if nodes is None or at == len(steps) - 1:
            return nodes
        return (inner for node in nodes for inner in node.iterdescendants(steps[-1].tag))

    def _few(self, step: Step, most: int) -> list[Element] | None:
        """Return the elements among which are all that a step may be, None where these are more than `most`."""
        value = step.values[0] if step.values else None
        if step.classes:
            alike = min((self.classes.get(name, []) for name in step.classes), key=_count)
        elif value and value.name == "class":
            alike = [numbers for printed, numbers in self._alike.items() if value.part in printed]
        else:
            nodes = self._having.get(value.name, []) if value else []
            return nodes if len(nodes) <= most else None
        return [self._nodes[number] for number in sorted(chain.from_iterable(alike))] if _count(alike) <= most else None


def _all_in(nodes: list[Element]) -> set[Element]:
    """Return elements and all that is in them; what lies in several is walked through once."""
    found: set[Element] = set()
    for node in nodes:
        if node not in found:
            found.update(node.iter())
    return found


def _count(alike: list[list[int]]) -> int:
    return sum(map(len, alike))
