"""One HTML page to one `Page`: profile layouts, families, the generic way; then field by field what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler.gate import is_gate
from crawler.site import Site
from pipeline.parse import kinds
from pipeline.parse.above import lead_above
from pipeline.parse.admission import MIN_WORDS_UNCONFIRMED, Admission, words_of
from pipeline.parse.authorship import read_authors, with_others
from pipeline.parse.dates import VIETNAM, DateRefused, read_date
from pipeline.parse.decode import decode
from pipeline.parse.dom import Element, name_custom_elements, parse_document
from pipeline.parse.generic import begins_at, read_generic, title_above
from pipeline.parse.genre import MIN_PICTURES, kind_of
from pipeline.parse.layout import Reading, by_date, families, read_layout
from pipeline.parse.leads import printed_lead
from pipeline.parse.metadata import canonical_address, is_address, read_metadata
from pipeline.parse.published import Dates
from pipeline.parse.refusal import PageNotUnderstood
from pipeline.parse.section import read_section
from pipeline.parse.signed import author_names, is_site
from pipeline.parse.state import read_state
from pipeline.parse.stated import is_of_another
from pipeline.parse.texts import key
from pipeline.parse.titles import printed_title
from pipeline.parse.trail import names_no_section, step_below
from pipeline.parse.tree import Tree, take_place
from pipeline.records import Page

# the largest article page seen has 7,000; each costs a kilobyte or two of memory
MAX_TAGS = 200_000

# a short body that a family's layout reads gives way to one that is so many times longer: a name of it met by chance
TIMES_LONGER = 2

_DEFAULT_ZONE = "Asia/Ho_Chi_Minh"


def parse_html(
    html: bytes | str, url: str | None, site: Site | None, *, fetched_at: dt.datetime, content_type: str | None = None
) -> Page:
    """Read one page as fetched. Nothing is guessed: a field that the page does not show stays empty.

    Layouts of the profile are tried newest first (those in force on the day of the capture), then the families of
    publishing systems, then the generic way. What the layout that found the body lacks is taken from the metadata;
    `Page.origin` says where each field came from.

    Raises:
        PageNotUnderstood: the page is no article, or cannot be read; `reason` says which.
    """
    where = url
    body = html.encode("utf-8", errors="surrogatepass") if isinstance(html, str) else html
    if is_gate(body):
        raise PageNotUnderstood(
            "gate",
            f"{len(body):,} bytes that set a cookie and reload, or ask for a human; ask the publisher for access"
            " or put your own cookie into the profile (politeness.cookies)",
            where,
        )
    root = _tree_of(decode(body, content_type=content_type, where=where), where)
    return _Parser(Tree(root), url, site, fetched_at).read()


def _tree_of(text: str, where: str | None) -> Element:
    if len(text) > MAX_TAGS and (tags := text.count("<")) > MAX_TAGS:
        raise PageNotUnderstood("too_long", f"{tags:,} tags, more than the {MAX_TAGS:,} read of one page", where)
    root = parse_document(text)
    if root is None or not len(root):
        raise PageNotUnderstood("empty", "no markup and no text in the page; fetch it again", where)
    return root


def own_address(html: bytes) -> str | None:
    """Return the address that a page gives as its own (canonical link, og:url), or None; it is the page's word only."""
    try:
        root = parse_document(decode(html))
    except PageNotUnderstood:
        return None
    return None if root is None else canonical_address(root)


@dataclass(frozen=True, slots=True)
class _Parser:
    page: Tree
    url: str | None
    site: Site | None
    fetched_at: dt.datetime
    scripts: list[Element] = field(default_factory=list)

    @property
    def root(self) -> Element:
        return self.page.root

    def read(self) -> Page:
        metadata, is_article = read_metadata(self.root)
        if self.site is not None and key(metadata.title) == key(self.site.title):
            metadata.title = ""  # old portals give each page their own name as its title
        address = self.url or canonical_address(self.root)
        metadata.section = "" if names_no_section(metadata.section, metadata.title) else metadata.section
        metadata.authors = tuple(name for name in metadata.authors if not is_site(name, address, metadata.sites))
        refused = kinds.kind_by_address(address, self.site)
        # a page's own word for its address is wrong on sites that call every page their front page
        if refused and (self.url or not is_article):
            raise PageNotUnderstood(refused, f"the address is that of a {refused} page, not of an article", address)
        self.scripts.extend(self.root.iter("script"))
        self.page.strip_unseen()
        if self.site is None:  # selectors of a profile may name them
            name_custom_elements(self.root)
        place = take_place(self.page)
        if self.site is None and is_of_another(self.page, metadata, address):
            metadata = Reading("metadata", types=metadata.types, sites=metadata.sites)
        door = Admission(self.page, address, self.site, is_article, scripted=bool(self.scripts))
        reading = self._reading(metadata, door)
        self._fill(reading, metadata, address)
        door.refuse_stub(reading, metadata.paid)
        door.refuse_what_is_no_article(reading)
        dates = Dates(self.page, self.fetched_at, self._zone())
        published = dates.published(reading, metadata, address)
        reading.origin.pop("published_at", None)
        reading.origin.update({"published_at": published.origin} if published.origin else {})
        modified_at = dates.modified(metadata)
        reading.origin.update({"modified_at": metadata.origin.get("modified_at", "")} if modified_at else {})
        return Page(
            url=address,
            site=self._site_name(address),
            source_id=self.site.article_id(address) if self.site and address else None,
            layout=reading.layout,
            title=reading.title,
            lead=reading.lead or None,
            blocks=reading.blocks,
            captions=reading.captions,
            authors=tuple(dict.fromkeys(name for author in reading.authors for name in author_names(author))),
            place=place,
            section=reading.section or None,
            tags=tuple(dict.fromkeys(tag for one in reading.tags if (tag := one.strip(" ,#")))),
            published_at=published.moment,
            published_raw=published.written,
            modified_at=modified_at,
            dropped=(*reading.dropped, *published.refused),
            kind=kind_of(self.page, address, reading, metadata),
            origin=reading.origin,
        )

    def _reading(self, metadata: Reading, door: Admission) -> Reading:
        bodiless: Reading | None = None
        few: Reading | None = None
        for reading in self._readings(metadata):
            words = words_of(reading)
            by_chance = self.site is None or reading.layout == "generic"
            short = words < MIN_WORDS_UNCONFIRMED and by_chance
            if reading.blocks and not short and words > TIMES_LONGER * (words_of(few) if few else 0):
                return reading
            # where a layout reads title and lead, a few words found elsewhere are no body (a page with a video)
            few = few or (reading if reading.blocks and not bodiless else None)
            door.tried.append(f"{reading.layout}: {f'{words} words of' if words else 'no'} body")
            told = reading.lead and reading.layout != "generic"
            if reading.title and (told or len(reading.captions) >= MIN_PICTURES):
                bodiless = bodiless or reading
        stated = read_state(self.scripts, self.root, metadata.title, door.address)
        if stated and words_of(stated) > (words_of(few) if few else 0):
            return stated
        if found := few or bodiless:
            return found
        raise door.refusal_of_unread(metadata.paid)

    def _readings(self, metadata: Reading) -> Iterator[Reading]:
        if self.site is not None:
            for layout in by_date(self.site.layouts, self._days(metadata)):
                yield read_layout(self.page, layout, f"{self.site.name}/{layout.name}")
        for layout in families().layouts:
            if any(self.page.select(css) for css in layout.body):
                family = read_layout(self.page, layout, f"family/{layout.name}")
                if family.blocks:
                    yield family
        yield read_generic(self.page, metadata)

    def _days(self, metadata: Reading) -> Iterator[dt.date]:
        """Give the day of the capture and the day of publication as stated: the design may be of either."""
        yield self.fetched_at.date()
        for written in metadata.published[:1]:
            with suppress(DateRefused):
                yield read_date(written, fetched_at=self.fetched_at, zone=self._zone()).date()

    def _fill(self, reading: Reading, metadata: Reading, address: str | None) -> None:
        """Take from the metadata, field by field, what the layout did not find on the page."""
        origin = reading.origin
        if self.site is None and any(is_site(one, address, metadata.sites) for one in reading.authors):
            # "Đăng bởi: …" names whose site it is
            reading.authors = tuple(one for one in reading.authors if not is_site(one, address, metadata.sites))
            origin.pop("authors", None)
        if not reading.title:
            reading.title = printed_title(self.page, metadata.title, reading)
            origin.setdefault("title", metadata.origin.get("title", "generic"))
        unknown = reading.layout == "generic"
        # where all is known nobody asks where the title is: it takes a walk over the page
        sectioned = reading.section or (metadata.section and self.site is not None)
        title = title_above(self.page, reading) if unknown or not (reading.lead and sectioned) else None
        if not reading.lead:
            self._fill_lead(reading, metadata, title)
        if reading.lead:
            reading.captions = tuple(caption for caption in reading.captions if key(caption) != key(reading.lead))
        for name in ("authors", "section", "tags"):
            stated_better = unknown and name == "section"
            if getattr(metadata, name) and (stated_better or not getattr(reading, name)):
                stated = getattr(metadata, name)
                setattr(reading, name, with_others(self.page, stated) if unknown and name == "authors" else stated)
                origin[name] = metadata.origin.get(name, "metadata")
        if not reading.authors and reading.layout.startswith("family/"):
            read_authors(self.page, title, reading)
        if not reading.section:
            read_section(self.page, address, title, reading)
        elif title is not None and (inner := step_below(self.page, title, reading.section)):
            reading.section, origin["section"] = inner, "generic: the way to the title"

    def _fill_lead(self, reading: Reading, metadata: Reading, title: int | None) -> None:
        """Take the lead that the page prints as what the metadata describe it with, or of a page that a family's layout
        reads by chance, what stands between title and body."""
        reading.lead, found = printed_lead(self.page, metadata.lead, title, reading.blocks)
        body = begins_at(self.page.texts, reading) if reading.layout.startswith("family/") else None
        if not reading.lead and title is not None and body is not None:
            reading.lead, found = lead_above(self.page, title, body), "between title and body"
        if reading.lead:
            reading.origin["lead"] = f"generic: {found}"

    def _zone(self) -> dt.tzinfo:
        if self.site is None or self.site.timezone == _DEFAULT_ZONE:
            return VIETNAM
        return ZoneInfo(self.site.timezone)

    def _site_name(self, address: str | None) -> str | None:
        if self.site is not None:
            return self.site.name
        host = (urlsplit(address).hostname or "") if address and is_address(address) else ""
        return host.removeprefix("www.").replace(".", "_") or None
