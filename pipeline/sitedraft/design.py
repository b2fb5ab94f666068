"""The layout of a site's article pages, guessed from a few: selectors that find on each what a reader sees there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crawler.profile import Layout
from crawler.site import Site
from pipeline.parse import PageNotUnderstood
from pipeline.parse.dom import Element, select, select_strings
from pipeline.parse.layout import families
from pipeline.parse.texts import key
from pipeline.sitedraft.line_places import author_ways, caption_ways, date_ways, section_ways
from pipeline.sitedraft.samples import MOST_SELECTORS, Sample, parsed
from pipeline.sitedraft.text_places import body_ways, drop_ways, lead_ways, title_ways

PARTS = ("title", "lead", "body", "drop", "captions", "authors", "published", "section", "tags")


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


def design_of(samples: Sequence[Sample], menu: Iterable[str], site: Site) -> Design:
    """Guess the layout that reads the samples: a known family's, else one of their own. `menu` are section names."""
    if (family := _family_of(samples)) is not None:
        return _counted(family, samples, site, family=True)
    body = body_ways(samples)
    title = title_ways(samples)
    if not body or not title:
        return Design(None, {}, len(samples), _read(samples, site))
    sections = {key(name) for name in menu}
    lead = lead_ways(samples)
    published = date_ways(samples)
    authors = author_ways(samples)
    found = {
        "title": title,
        "lead": lead,
        "body": body,
        "authors": authors,
        "published": published,
        "section": section_ways(samples, sections),
        "captions": _matching(samples, caption_ways(samples)),
        "tags": _matching(samples, families().tags),
    }
    found["drop"] = drop_ways(samples, body[0], (*title, *lead, *published, *authors))
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
            page = parsed(one.capture, site)
        except PageNotUnderstood:
            continue
        if site.layouts and not page.layout.startswith(f"{site.name}/"):
            continue
        given = {"title": page.title, "lead": page.lead, "date": page.published_at, "body": page.blocks}
        counts.update(name for name, value in given.items() if value)
    return {name: counts[name] for name in ("title", "lead", "date", "body")}
