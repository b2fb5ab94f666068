"""CSS selectors: the names that they ask a page to have, and answers by its elements' classes, without a search."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from cssselect.parser import Attrib, Class, CombinedSelector, Hash, parse
from cssselect.parser import Element as Named
from lxml import etree

from pipeline.parse.dom import Element, select

# elements of a class that are looked at one by one; of more, the whole page is searched at once
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


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a selector: what an element is; `child` where the step before it must be its parent."""

    tag: str | None
    classes: frozenset[str]
    id: str | None
    child: bool


@functools.cache
def attributes(name: str) -> etree.XPath:
    """Return what finds all attributes of a name."""
    return etree.XPath(f"//@{name}", smart_strings=False)


@functools.cache
def asked_names(css: str) -> tuple[Asked, ...]:
    """Return what each alternative of a selector asks an element and those around it to have."""
    return tuple(
        Asked(*(frozenset(name for name, kind in asked if kind == one) for one in ("name", "part", "attribute")))
        for selector in parse(css)
        for asked in (_asked(selector.parsed_tree),)
    )


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
            own = {(str(part.value.value), "part")}
    inner = getattr(part, "selector", None)
    return own | _asked(inner) if inner is not None else own


@functools.cache
def steps_of(css: str) -> tuple[Step, ...]:
    """Return the steps of a selector from the outermost in; none where it has alternatives, or asks for more than tags,
    classes and ids, each within the one before it."""
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
    ids: set[str] = set()
    while isinstance(tree, Class | Hash):
        if isinstance(tree, Class):
            classes.add(tree.class_name)
        else:
            ids.add(tree.id)
        tree = tree.selector
    if not isinstance(tree, Named) or tree.namespace is not None or len(ids) > 1:
        return None
    return Step(tree.element.lower() if tree.element else None, frozenset(classes), next(iter(ids), None), child)


def _stands(node: Element, steps: tuple[Step, ...], top: Element) -> bool:
    """Whether an element in `top` is the last of the steps and the others stand around it; linear in its depth."""
    if not _is(node, steps[-1]):
        return False
    around = _up_to(node, top)
    if around is None:
        return False
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
    named = (step.tag is None or node.tag == step.tag) and (step.id is None or node.get("id") == step.id)
    return named and (not step.classes or step.classes <= _classes(node.get("class") or ""))


def _classes(printed: str) -> frozenset[str]:
    """Return the classes in an attribute; few are new from page to page."""
    return (_classes_in if len(printed) <= _LONGEST_REMEMBERED else _classes_in.__wrapped__)(printed)


@functools.lru_cache(maxsize=1 << 12)
def _classes_in(printed: str) -> frozenset[str]:
    return frozenset(_BLANKS.split(printed))


class Called:
    """The elements of a page by their classes, and its ids, read once; elements may be out of the tree when they are
    asked for."""

    def __init__(self, root: Element) -> None:
        self._nodes: list[Element] = []
        self.ids: list[str] = []
        alike: dict[str, list[int]] = {}
        for node in root.iter():
            if (printed := node.get("class")) is not None:
                alike.setdefault(printed, []).append(len(self._nodes))
                self._nodes.append(node)
            if (name := node.get("id")) is not None:
                self.ids.append(name)
        # of each class, which elements have it, by each way in which their classes are printed
        self.classes: dict[str, list[list[int]]] = {}
        for printed, numbers in alike.items():
            for name in _classes(printed):
                self.classes.setdefault(name, []).append(numbers)

    def find(self, css: str, top: Element) -> list[Element]:
        """Return the elements that a CSS selector finds in an element, in document order.

        The few elements of a class are looked at one by one; for all else the element is searched through.
        """
        steps = steps_of(css)
        found = self._candidates(steps)
        return select(top, css) if found is None else [node for node in found if _stands(node, steps, top)]

    def _candidates(self, steps: tuple[Step, ...]) -> Iterable[Element] | None:
        """Return few elements, in document order, among which are all that steps lead to; None where they are many."""
        at = next((at for at in reversed(range(len(steps))) if steps[at].classes), None)
        if at is None:
            return None
        alike = min((self.classes.get(name, []) for name in steps[at].classes), key=_count)
        if _count(alike) > (MAX_OF_A_CLASS if at == len(steps) - 1 else 1):
            return None
        nodes = [self._nodes[number] for number in sorted(chain.from_iterable(alike))]
        if at == len(steps) - 1:
            return nodes
        return (inner for node in nodes for inner in node.iterdescendants(steps[-1].tag))


def _count(alike: list[list[int]]) -> int:
    return sum(map(len, alike))
