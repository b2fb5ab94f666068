"""The draft: what the answers of a site showed, and what it is unsure of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.listing import ListingNotUnderstood, articles_among, read_sitemap
from crawler.profile import Paging
from pipeline.sitedraft.denied import deny_comments
from pipeline.sitedraft.design import Design, design_of
from pipeline.sitedraft.identity import Identity
from pipeline.sitedraft.items import Items, items_of
from pipeline.sitedraft.listings import links_of, own_address_of
from pipeline.sitedraft.survey import MIN_LISTED, Survey
from pipeline.sitedraft.topics import topics_of


class DraftRefused(RuntimeError):
    """No draft can be written; the message says why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A profile in the making. `why` gives for a key what its value rests on; all of it is unverified."""

    title: str
    host: str
    alias: str | None
    identity: Identity
    deny: tuple[tuple[str, str], ...]
    sections: tuple[str, ...]
    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    items: Items
    paging: Paging | None
    topics: str | None
    design: Design
    expected: dict[str, float]
    delay: float
    requests: int
    why: dict[str, str]


def draft_site(survey: Survey, delay: float) -> Draft:
    """Write a draft from a survey that is over. `delay` is what the operator wants between two requests.

    Raises:
        DraftRefused: the page did not come, or none of the pages it leads to reads as an article.
    """
    front = survey.front
    if front is None:
        raise DraftRefused(_why_no_front(survey))
    if survey.identity is None or not survey.samples:
        raise DraftRefused(f"{survey.url}: no article found: {_why_no_article(survey)}")
    host = urlsplit(front.url).netloc.lower()
    alias, why_alias = _other_host(survey.url, host)
    listings = [one for one in survey.listings if len(survey.listed(one)) >= MIN_LISTED]
    if not listings and len(survey.listed(front)) >= MIN_LISTED:
        listings = [front]
    turned = [survey.turned] if survey.turned else []
    articles = [one.capture for one in survey.samples]
    items = items_of([*listings, *turned], articles, survey.identity)
    sections, why_sections = _sections(survey, front.url)
    feeds, why_feeds = _feeds(survey)
    sitemaps, why_sitemaps = _sitemaps(survey)
    design = design_of(survey.samples, [link.text for link in survey.menu], survey.site())
    seen = {link.url for page in (front, *survey.listings) for link in links_of(page)}
    paging, why_paging = _paging(survey)
    linked = seen | {link.url for one in articles for link in links_of(one)}
    topics, why_topics = topics_of(sorted(linked), sections, survey.identity, host)
    wanted = max(delay, survey.heard.crawl_delay or 0.0)
    return Draft(
        title=survey.title,
        host=host,
        alias=alias,
        identity=survey.identity,
        deny=tuple(deny_comments(survey.identity.deny, seen)),
        sections=sections,
        feeds=feeds,
        sitemaps=sitemaps,
        items=items,
        paging=paging,
        topics=topics,
        design=design,
        expected=_expected(design),
        delay=wanted,
        requests=survey.heard.requests,
        why={  # one line each: they become comments
            "aliases": why_alias,
            "article": _why_article(survey, survey.identity),
            "deny": "by habits of union portals; none takes away an article seen",
            "start.sections": why_sections,
            "start.feeds": why_feeds,
            "start.sitemaps": why_sitemaps,
            "start.items": items.why,
            "start.paging": why_paging,
            "start.topics": why_topics,
            "layouts": _why_layout(design),
            "expected": f"from {len(survey.samples)} pages only: look again after the first crawl",
            "politeness": _why_delay(survey),
        },
    )


# --------------------------------------------------------------------------- refusals
def _why_no_front(survey: Survey) -> str:
    answer = survey.heard.answers.get(survey.url)
    if answer is not None:
        return f"{survey.url}: answered with status {answer.status}"
    silence = survey.heard.silences.get(survey.url, "robots.txt forbids it")
    if silence.startswith("it leads to "):
        return f"{survey.url}: {silence}; give that address"
    return f"{survey.url}: not asked for: {silence}" if "robots" in silence else f"{survey.url}: {silence}"


def _why_no_article(survey: Survey) -> str:
    if survey.identity is None or not survey.articles:
        return "no link shows a headline and has a number or a headline's words in its address"
    reasons = survey.heard.silences | survey.unread
    counts = Counter(reasons.get(url, "another status than 200") for url in survey.articles)
    said = "".join(f"; {number} × {what}" for what, number in counts.items())
    asked = len(survey.articles)
    return f"none of {asked} pages that its headlines lead to reads as one, such as {survey.articles[0]}{said}"


# --------------------------------------------------------------------------- addresses
def _why_article(survey: Survey, identity: Identity) -> str:
    read, asked = len(survey.samples), len(survey.articles)
    rests_on = f"from {len(identity.links)} links with {len(set(identity.ids))} ids"
    unread = Counter(survey.unread[url] for url in survey.articles if url in survey.unread)
    others = "".join(f", {number} as {reason}" for reason, number in unread.most_common())
    return f"{rests_on}; {read} of {asked} that were asked for read as articles{others}; {identity.why}"


def _other_host(asked: str, host: str) -> tuple[str | None, str]:
    name = host.split(":")[0]
    if ":" in host or name.replace(".", "").isdecimal():
        return None, "no name with www"
    other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    if urlsplit(asked).netloc.lower() == other:
        return other, "it leads to the other one"
    return other, "taken to serve the same articles; not asked"


def _sections(survey: Survey, front: str) -> tuple[tuple[str, ...], str]:
    """Return the page given where it is a section, and the menu without articles and pages seen to list none."""
    counts = {url: len(survey.listed(one)) for url, one in survey.heard.answers.items()}
    chosen = [
        link.url
        for link in survey.sections
        if counts.get(link.url, MIN_LISTED) >= MIN_LISTED and not (survey.identity and survey.identity.id_of(link.url))
    ]
    if urlsplit(survey.url).path.strip("/") and counts.get(survey.url, 0) >= MIN_LISTED:
        chosen.insert(0, front)
    seen = sum(counts.get(url, 0) >= MIN_LISTED for url in chosen)
    if not chosen:
        return (front,), "no section was found: the front page alone"
    return tuple(
        dict.fromkeys(chosen)
    ), f"{seen} of {len(chosen)} looked at and found to list articles; the rest by their names"


def _feeds(survey: Survey) -> tuple[tuple[str, ...], str]:
    found = [url for url in survey.feeds if survey.entries(url)]
    if not found:
        tried = ", ".join(urlsplit(url).path for url in survey.feeds)
        return (), f"no feed was found ({tried} was tried)" if tried else "no feed was found"
    ids = {
        id_
        for url in found
        for link in survey.entries(url)
        if survey.identity and (id_ := survey.identity.id_of(link.url))
    }
    return tuple(found), f"read, {len(ids)} articles in it"


def _sitemaps(survey: Survey) -> tuple[tuple[str, ...], str]:
    named = "named in robots.txt" if survey.heard.sitemaps else "not named in robots.txt, found where it usually is"
    for url in survey.sitemaps:
        for capture in survey.heard.pages((url,)):
            try:
                read = read_sitemap(capture.body, capture.url, "Asia/Ho_Chi_Minh")
            except ListingNotUnderstood:
                continue
            articles = len(articles_among(survey.site(), read.pages))
            own = own_address_of(url, capture.url) or url
            if read.children:
                return (own,), f"{named}; an index of {len(read.children)} parts, which were not read"
            if articles:
                return (own,), f"{named}; {articles} articles in it"
            return (), f"{url} names {len(read.pages)} pages, none of them an article: left out"
    said = "robots.txt names none" if not survey.heard.sitemaps else "the one that robots.txt names could not be read"
    return (), f"{said}, nor is there one at the usual place" if not survey.heard.sitemaps else said


def _paging(survey: Survey) -> tuple[Paging | None, str]:
    if survey.turn is None:
        return None, "no pager was understood, and no page two tried"
    if survey.turned is None:
        return (
            None,
            f"page two was asked for ({survey.turn.second}) and showed no new article: the first pages alone are read",
        )
    how = "guessed" if survey.turn.guessed else "from a section's pager"
    known = {id_ for one in survey.listings for id_ in survey.listed(one)}
    new = len(survey.listed(survey.turned) - known)
    return survey.turn.paging, f"{how}; tried: {survey.turn.second} shows {new} new articles; its end was not tried"


# --------------------------------------------------------------------------- pages
def _why_layout(design: Design) -> str:
    if design.layout is None:
        return "no selectors could be told: pages are read the generic way; describe the design here"
    if design.family:
        return f"the {design.layout.name} family's selectors; of {design.pages} pages read by it: {_read_by(design)}"
    return f"guessed from {design.pages} pages; read by it: {_read_by(design)}; beside each part how many it matches"


def _read_by(design: Design) -> str:
    return ", ".join(f"{name} {number}" for name, number in design.read.items())


_USUAL = {"title": 0.99, "lead": 0.5, "date": 0.9, "body": 0.9}  # shares that a crawl of a portal should bring


def _expected(design: Design) -> dict[str, float]:
    """Return the least shares that a crawl should bring: nothing where not all pages had a part."""
    return {name: share if design.read[name] == design.pages else 0.0 for name, share in _USUAL.items()}


def _why_delay(survey: Survey) -> str:
    asked = survey.heard.crawl_delay
    return f"robots.txt asks for {asked:g} s between requests" if asked else "robots.txt asks for no pause"


def unsure_lines(draft: Draft) -> Iterator[str]:
    """Give what the draft rests on, a line a key."""
    yield f"{draft.host}: {draft.requests} requests sent, robots.txt among them"
    for key, why in draft.why.items():
        yield f"  {key}: {why}"
