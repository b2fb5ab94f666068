"""The layout of a site's article pages, guessed from a few: selectors that find on each what a reader sees there."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from crawler.archive import Capture
from crawler.site import Layout, Site
from pipeline.parse import PageNotUnderstood, decode, parse_html
from pipeline.parse.body import key
from pipeline.parse.dates import DateRefused, find_date, read_date
from pipeline.parse.dom import Element, attribute, parse_document, select, select_strings, strip_unseen, text_of
from pipeline.parse.layout import families
from pipeline.schema import Page
from pipeline.sitedraft.ways import is_bare, names_of, ways_to

PARTS = ("title", "lead", "body", "drop", "captions", "authors", "published", "section", "tags")
MIN_LEAD_WORDS = 10
MIN_SENTENCE_WORDS = 8  # a line with fewer is a byline, a heading or a button
MAX_LINE_WORDS = 8  # of an author or a section
MOST_SELECTORS = 2  # of a part: the second stands in where the first finds nothing
# words of a body's container that may be beside its text (a date, a byline, buttons), as a share and as a number
MAX_BESIDE, MAX_BESIDE_WORDS = 0.5, 60
MAX_DATE_LENGTH = 80  # characters of a line that holds a date: a weekday, an author, a section beside it
MIN_HELD = 0.85  # share of the body's words that its container must hold: generic reading takes in a stray line

_LEAD = re.compile(r"sapo|(?:^|[-_])lead|tom-?tat|desc|summary|trich|hometext|abstract|intro|mo-?ta|excerpt", re.I)
_AUTHOR = re.compile(r"author|tac-?gia|but-?danh|nguoi-?viet|byline|ky-ten|nguon", re.I)
_CRUMB = re.compile(r"breadcrumb|bread-crumb|crumb|duong-?dan|pathway|site-?map-?path", re.I)
_CAPTION = re.compile(r"caption|chu-?thich|anh-?chu", re.I)
_DAY = dt.timedelta(days=1)
_TITLE_TAGS = ("h1", "h2", "h3")


@dataclass(frozen=True, slots=True)
class Sample:
    """An article page as read without a profile, its tree, and the headline that led to it ("" where none did)."""

    capture: Capture
    page: Page
    root: Element
    headline: str


@dataclass(frozen=True, slots=True)
class Design:
    """A layout, None where no body was found, and on how many of `pages` pages each of its selectors finds something.

    `read` says how many give title, lead, date and body when they are read by it.
    """

    layout: Layout | None
    found: dict[tuple[str, str], int]
    pages: int
    read: dict[str, int]
    family: bool = False


def sample_of(capture: Capture, headline: str, site: Site) -> Sample | None:
    """Return the page read without a layout, None when it is no article. Of the site only names are known."""
    try:
        page = _parsed_or_named(capture, headline, site)
        root = parse_document(decode(capture.body, content_type=capture.content_type, where=capture.url))
    except PageNotUnderstood:
        return None
    if root is None:
        return None
    strip_unseen(root)
    return Sample(capture, page, root, headline)


def _parsed(capture: Capture, site: Site, body: str | bytes | None = None) -> Page:
    return parse_html(
        body or capture.body, capture.url, site, fetched_at=capture.fetched_at, content_type=capture.content_type
    )


def _parsed_or_named(capture: Capture, headline: str, site: Site) -> Page:
    """Return the page read; one whose title is the portal's own name goes by the headline that led to it."""
    try:
        return _parsed(capture, site)
    except PageNotUnderstood as refusal:
        text = decode(capture.body, content_type=capture.content_type, where=capture.url)
        if refusal.reason != "no_title" or not headline:
            raise
        named = re.sub(r"(?is)<title\b.*?</title>", lambda _: f"<title>{escape(headline)}</title>", text, count=1)
        return _parsed(capture, site, named)


def design_of(samples: Sequence[Sample], menu: Iterable[str], site: Site) -> Design:
    """Guess the layout that reads the samples: a known family's, else one of their own. `menu` are section names."""
    if (family := _family_of(samples)) is not None:
        return _counted(family, samples, site, family=True)
    body = _ways(samples, _container, _is_container, _words_in)
    title = _ways(samples, _title_nodes, _says_title)
    if not body or not title:
        return Design(None, {}, len(samples), _read(samples, site))
    sections = {key(name) for name in menu}
    lead = _ways(samples, _lead_nodes, _says_lead)
    published = _date_ways(samples)
    authors = _ways(samples, _author_nodes, _says_author)
    found = {
        "title": title,
        "lead": lead,
        "body": body,
        "authors": authors,
        "published": published,
        "section": _section_ways(samples, sections),
        "captions": _matching(samples, _caption_ways(samples)),
        "tags": _matching(samples, families().tags),
    }
    found["drop"] = _drops(samples, body[0], (*title, *lead, *published, *authors))
    name = str(samples[0].capture.fetched_at.year)
    parts = {
        part: tuple(selectors[:MOST_SELECTORS] if part != "drop" else selectors) for part, selectors in found.items()
    }
    return _counted(Layout.model_validate({"name": name, "verified": False} | parts), samples, site)


def _family_of(samples: Sequence[Sample]) -> Layout | None:
    """Return the family's layout that read most pages, with the selectors that find something on one of them."""
    names = [one.page.layout for one in samples if one.page.layout.startswith("family/")]
    if not names:
        return None
    name = max(names, key=names.count)
    family = next(layout for layout in families().layouts if f"family/{layout.name}" == name)
    parts = {part: _matching(samples, getattr(family, part)) for part in PARTS}
    if not parts["title"] or not parts["body"]:
        return None
    return Layout.model_validate({"name": family.name, "verified": False} | parts)


def _matching(samples: Sequence[Sample], selectors: Iterable[str]) -> tuple[str, ...]:
    return tuple(css for css in dict.fromkeys(selectors) if any(_finds(one.root, css) for one in samples))


def _finds(root: Element, css: str) -> bool:
    return bool(select_strings(root, css) if "::" in css else select(root, css))


def _counted(layout: Layout, samples: Sequence[Sample], site: Site, *, family: bool = False) -> Design:
    found = {
        (part, css): sum(_finds(one.root, css) for one in samples) for part in PARTS for css in getattr(layout, part)
    }
    read = _read(samples, site.model_copy(update={"layouts": (layout,)}))
    return Design(layout, found, len(samples), read, family)


def _read(samples: Sequence[Sample], site: Site) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for one in samples:
        try:
            page = _parsed(one.capture, site)
        except PageNotUnderstood:
            continue
        given = {"title": page.title, "lead": page.lead, "date": page.published_at, "body": page.blocks}
        counts.update(name for name, value in given.items() if value)
    return {name: counts[name] for name in ("title", "lead", "date", "body")}


# --------------------------------------------------------------------------- what leads to the same thing on each page
def _ways(
    samples: Sequence[Sample],
    nodes_of: Callable[[Sample], Iterable[Element]],
    is_right: Callable[[Sample, str], bool],
    cost: Callable[[Sample, str], int] = lambda _one, _css: 0,
) -> list[str]:
    """Return the selectors that are right on most pages, the best first; of equals those that `cost` least.

    Those that are right on every page come alone; else one after another, until each page that can be read is.
    """
    tried = dict.fromkeys(css for one in samples for node in nodes_of(one) for css in ways_to(node))
    right = {
        css: frozenset(n for n, one in enumerate(samples) if is_right(one, css)) for css in (*tried, *_bare(tried))
    }
    costs = {css: sum(cost(one, css) for one in samples) for css in right if right[css]}
    order = sorted(costs, key=lambda css: (-len(right[css]), costs[css], " " in css, is_bare(css), len(css)))
    chosen: list[str] = []
    covered: frozenset[int] = frozenset()
    for css in order:
        if right[css] - covered and len(chosen) < MOST_SELECTORS:
            chosen.append(css)
            covered |= right[css]
    return chosen


def _bare(tried: Iterable[str]) -> tuple[str, ...]:
    tags = {css.rpartition(" ")[2].split(".")[0].split("#")[0].split("[")[0] for css in tried}
    return tuple(tag for tag in ("h1", "time", "article") if tag in tags)


def _first_line(one: Sample, css: str) -> str:
    return next((text for node in select(one.root, css) if (text := text_of(node))), "")


def _smallest(nodes: list[Element]) -> list[Element]:
    """Return the nodes that hold none of the others."""
    holding = {ancestor for node in nodes for ancestor in node.iterancestors()}
    return [node for node in nodes if node not in holding]


def _elements(root: Element) -> Iterator[Element]:
    return (
        node for node in root.iter() if isinstance(node.tag, str) and node.tag not in ("html", "head", "body", "title")
    )


# --------------------------------------------------------------------------- title
def _title_key(one: Sample) -> str:
    """Return the title by which its place is found: the headline that led here where the page prints it."""
    wanted = key(one.headline)
    printed = any(
        key(text_of(node)) == wanted for node in select(one.root, "h1, h2, h3, [class*=title], [class*=tieu]")
    )
    return wanted if wanted and printed else key(one.page.title)


def _title_nodes(one: Sample) -> list[Element]:
    wanted = _title_key(one)
    nodes = [node for node in _elements(one.root) if key(text_of(node)) == wanted and not _in_link(node)]
    return sorted(nodes, key=lambda node: node.tag not in _TITLE_TAGS)


def _says_title(one: Sample, css: str) -> bool:
    return key(_first_line(one, css)) == _title_key(one)


def _in_link(node: Element) -> bool:
    return node.tag == "a" or any(step.tag == "a" for step in node.iterancestors())


# --------------------------------------------------------------------------- body
def _container(one: Sample) -> list[Element]:
    """Return the smallest elements that hold the body, from the inside out."""
    lines = _lines_of(one)
    whole = sum(map(len, lines))
    here: Element | None = one.root
    chain: list[Element] = []
    while here is not None:
        chain.append(here)
        here = next(
            (child for child in here if isinstance(child.tag, str) and _held(child, lines) >= MIN_HELD * whole), None
        )
    blocks = [node for node in chain if node.tag in ("div", "td", "article", "section", "main") and names_of(node)]
    return [node for node in reversed(blocks) if _mostly_body(node, one)]


def _lines_of(one: Sample) -> list[str]:
    """Return the keys of the body's sentences, all its lines where it has none, without titles of other articles."""
    linked = {key(text_of(node)) for node in select(one.root, "a")}
    lines = [block.text for block in one.page.blocks if key(block.text) not in linked]
    sentences = [line for line in lines if len(line.split()) >= MIN_SENTENCE_WORDS]
    return [key(line) for line in sentences or lines]


def _held(node: Element, lines: Sequence[str]) -> int:
    text = key(text_of(node))
    return sum(len(line) for line in lines if line in text)


def _mostly_body(node: Element, one: Sample) -> bool:
    words = sum(len(block.text.split()) for block in one.page.blocks)
    words += sum(len(caption.split()) for caption in one.page.captions) + len((one.page.lead or "").split())
    return len(text_of(node).split()) <= words * (1 + MAX_BESIDE) + MAX_BESIDE_WORDS


def _is_container(one: Sample, css: str) -> bool:
    found = max(select(one.root, css), key=lambda node: len(text_of(node)), default=None)
    lines = _lines_of(one)
    if found is None or found.tag in ("p", "span", "body"):
        return False
    return _held(found, lines) >= MIN_HELD * sum(map(len, lines)) and _mostly_body(found, one)


def _words_in(one: Sample, css: str) -> int:
    return max((len(text_of(node).split()) for node in select(one.root, css)), default=0)


def _drops(samples: Sequence[Sample], body: str, beside: Sequence[str]) -> list[str]:
    """Return selectors of what stands in the body's container and is not of the text."""
    counts: Counter[str] = Counter()
    for one in samples:
        container = max(select(one.root, body), key=lambda node: len(text_of(node)), default=None)
        if container is None:
            continue
        text = [key(block.text) for block in one.page.blocks] + [key(caption) for caption in one.page.captions]
        margins = [
            node
            for node in container.iterdescendants("div", "ul", "table", "section", "p", "span", "h1", "h2")
            if names_of(node)
        ]
        foreign = [
            node
            for node in margins
            if (said := key(text_of(node))) and not any(said in line or line in said for line in text)
        ]
        outermost = [node for node in foreign if not any(step in foreign for step in node.iterancestors())]
        counts.update({node.tag + names_of(node)[-1] for node in outermost})
        inside = set(container.iterdescendants())
        counts.update(css for css in beside if any(node in inside for node in select(one.root, css)))
    return [css for css, _ in counts.most_common()]


# --------------------------------------------------------------------------- lead
def _lead_nodes(one: Sample) -> list[Element]:
    wanted = key(one.page.lead or "")
    if wanted:
        return _smallest([node for node in _elements(one.root) if key(text_of(node)) == wanted])
    named = (node for node in _elements(one.root) if _LEAD.search(" ".join(names_of(node))) and not _in_link(node))
    return [node for node in named if _is_lead(text_of(node)) and not select(node, "a")]


def _is_lead(text: str) -> bool:
    return MIN_LEAD_WORDS <= len(text.split()) <= 120


def _says_lead(one: Sample, css: str) -> bool:
    said = _first_line(one, css)
    if one.page.lead:
        return key(said) == key(one.page.lead)
    return _is_lead(said) and any(_LEAD.search(name) for name in css.split())


# --------------------------------------------------------------------------- date
def _dated(one: Sample) -> list[Element]:
    """Return the smallest elements of a line that show a day, in the order of the page."""
    return _smallest([node for node in _elements(one.root) if _moment(text_of(node), one) is not None])


def _clock(samples: Sequence[Sample]) -> frozenset[str]:
    """Return the dates that all pages show alike: the clock in a site's header."""
    shown = [{text_of(node) for node in _dated(one)} for one in samples]
    return frozenset(set.intersection(*shown)) if len(shown) > 1 else frozenset()


def _date_nodes(one: Sample, clock: frozenset[str]) -> list[Element]:
    """Return where the page shows the day it was published; the first date after its title where nothing says that."""
    nodes = [node for node in _dated(one) if text_of(node) not in clock]
    published = one.page.published_at
    today = {at.date() for text in clock if (at := _moment(text, one)) is not None}
    if published is not None and published.date() not in today:
        return [node for node in nodes if (at := _moment(text_of(node), one)) and abs(at - published) < _DAY]
    order = {node: number for number, node in enumerate(one.root.iter())}
    title = min((order[node] for node in _title_nodes(one)), default=0)
    return sorted((node for node in nodes if order[node] > title), key=lambda node: order[node])[:1]


def _moment(written: str, one: Sample) -> dt.datetime | None:
    if not written or len(written) > MAX_DATE_LENGTH or not any(map(str.isdigit, written)):
        return None
    try:
        return read_date(written, fetched_at=one.capture.fetched_at)
    except DateRefused:
        return None


def _date_ways(samples: Sequence[Sample]) -> list[str]:
    clock = _clock(samples)
    right = {id(one): {text_of(node) for node in _date_nodes(one, clock)} for one in samples}
    return _ways(samples, lambda one: _date_nodes(one, clock), lambda one, css: _first_line(one, css) in right[id(one)])


# --------------------------------------------------------------------------- author, section, captions
def _author_nodes(one: Sample) -> list[Element]:
    names = {key(author) for author in one.page.authors}
    nodes = [node for node in _elements(one.root) if key(text_of(node)) in names] if names else []
    return nodes or [node for node in _elements(one.root) if _AUTHOR.search(" ".join(names_of(node)))]


def _says_author(one: Sample, css: str) -> bool:
    said = _first_line(one, css)
    names = {key(author) for author in one.page.authors}
    if key(said) in names:
        return True
    named = any(_AUTHOR.search(name) for name in css.split())
    return named and 0 < len(said.split()) <= MAX_LINE_WORDS and find_date(said) is None and not _says_title(one, css)


def _section_ways(samples: Sequence[Sample], sections: set[str]) -> list[str]:
    """Return the selector of the last step of a page's path that is named like a section of the menu."""
    crumbs = dict.fromkeys(
        node.tag + name
        for one in samples
        for node in _elements(one.root)
        for name in names_of(node)
        if _CRUMB.search(name)
    )
    ends = ("a:last-of-type", "li:last-child a", "a:last-child", "li:nth-last-child(2) a", "a:nth-last-of-type(2)")
    ways = [f"{crumb} {end}" for crumb in crumbs for end in ends]
    right = {css: sum(key(_first_line(one, css)) in sections for one in samples) for css in ways}
    best = max(right, key=lambda css: (right[css], -len(css)), default=None)
    return [best] if best and right[best] * 2 > len(samples) else []


def _caption_ways(samples: Sequence[Sample]) -> list[str]:
    own = (
        str(node.tag) + name
        for one in samples
        for node in _elements(one.root)
        for name in names_of(node)
        if _CAPTION.search(name) and text_of(node) and not attribute(node, "content")
    )
    return [*dict.fromkeys(own), *families().captions]
