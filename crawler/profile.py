"""The tables of a site's profile, and what each key means; `crawler.site` has the profile as a whole."""

from __future__ import annotations

import datetime as dt
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from crawler.profile_values import Headers, HoursOfDay, Pairs, Pattern, Selector, placeholders


class Part(BaseModel):
    """A table of a profile: it has no keys but these, and does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Paging(Part):
    """How a listing goes on after its first page.

    `template` builds page N of a section: `{section}` is the section's URL, `{n}` the page number,
    `{offset}` is (n - 1) * page_size, `{zone}` what `zone` selects on the first page. `next` follows a
    link instead. Paging always stops at the first page without an unseen article id: several of these
    sites never end (they repeat their newest items).
    """

    template: str | None = None
    first: int = Field(default=2, description="the number of the second page")
    page_size: int = 20
    zone: Selector | None = None
    next: Selector | None = None
    max_pages: int = Field(default=500, ge=1)
    gaps: int = Field(
        default=0, ge=0, description="pages in a row without an article that are gone past; for archives by day"
    )

    @field_validator("template")
    @classmethod
    def _fills_in(cls, template: str | None) -> str | None:
        if template is not None:
            names = placeholders(template)
            if not names & {"n", "offset"} or not names <= {"section", "n", "offset", "zone"}:
                raise ValueError("an address with {n} or {offset}, and perhaps {section} and {zone}, in it")
        return template

    @model_validator(mode="after")
    def _selects_its_zone(self) -> Self:
        if self.template and "zone" in placeholders(self.template) and self.zone is None:
            raise ValueError("zone: a CSS selector for the {zone} in template")
        return self


class Topics(Part):
    """Pages of a topic, tag or event: walked as listings are, a few a run, where articles and listings link to them.

    They know no sections: `address` is best narrowed to the words of the corpus, and of what they list only the
    `wanted` is taken. `items` are their links to articles, those of `start.items` where it is absent.
    """

    address: Pattern | None = Field(default=None, description="addresses of topics begin so; none are read when absent")
    items: Selector | None = None
    a_run: int = Field(default=10, ge=0, description="most topics read in a run: new ones first, then longest unread")
    max_pages: int = Field(default=10, ge=1, description="most pages read of one topic")


class Start(Part):
    """Where a crawl begins. Sitemaps named in robots.txt are read besides these; they know no sections."""

    sections: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    robots_sitemaps: bool = Field(default=True, description="whether to read the sitemaps that robots.txt names")
    wanted: Pattern | None = Field(
        default=None, description="of what sitemaps and feeds announce, only addresses in which this is found"
    )
    items: Selector | None = Field(default=None, description="links to articles on a listing; all links when absent")
    paging: Paging = Paging()
    topics: Topics = Topics()


class Layout(Part):
    """One design of the site's article page: CSS selectors, each a list tried in order.

    `body` selects the container; its blocks are read in order. `drop` is removed from the container
    first, `captions` are taken out of it and kept apart.
    """

    name: str
    valid_until: dt.date | None = None
    title: tuple[Selector, ...] = Field(min_length=1)
    lead: tuple[Selector, ...] = ()
    body: tuple[Selector, ...] = Field(min_length=1)
    drop: tuple[Selector, ...] = ()
    captions: tuple[Selector, ...] = ()
    authors: tuple[Selector, ...] = ()
    published: tuple[Selector, ...] = ()
    section: tuple[Selector, ...] = ()
    tags: tuple[Selector, ...] = ()
    verified: bool = True

    @field_validator("lead", "body", "drop", "captions")
    @classmethod
    def _selects_elements(cls, selectors: tuple[str, ...]) -> tuple[str, ...]:
        for selector in selectors:
            if "::" in selector:
                raise ValueError(
                    f"selectors of elements, without ::text and ::attr(): their text is read, not {selector!r}"
                )
        return selectors


class Expected(Part):
    """What a healthy crawl of the site brings; outside of it the run is reported as suspect."""

    articles_a_day: tuple[int, int] | None = None
    title: float = Field(default=0.99, ge=0, le=1, description="least share of article pages with a title")
    lead: float = Field(default=0.5, ge=0, le=1)
    date: float = Field(default=0.95, ge=0, le=1)
    body: float = Field(default=0.95, ge=0, le=1)


class Politeness(Part):
    """How gently the site is asked. Times in seconds."""

    delay: float = Field(default=2.0, ge=0)
    concurrency: int = Field(default=1, ge=1, le=8)
    timeout: float = Field(default=30.0, gt=0)
    hours: HoursOfDay | None = Field(
        default=None, description='hours in which the site is asked, in its timezone: "22:00-06:00"; all when absent'
    )
    requests_a_day: int | None = Field(
        default=None, ge=1, description="most requests a day of the site's timezone, over all runs"
    )
    robots_unknown: Literal["stop", "crawl"] = Field(
        default="stop", description="what to do when robots.txt is answered with something that is no robots.txt"
    )
    verify_tls: bool = Field(
        default=True, description="whether the site must show a valid certificate; false only where you know better"
    )
    cookies: Pairs = Field(
        default=(), description="the operator's own cookies, for gated sites; a table of name and value"
    )
    headers: Headers = Field(
        default=(), description="headers that the publisher gave the operator; a table; never written to the archive"
    )


class Furniture(Part):
    """Lines of this site that are not article text. Matching is on the whole line, case folded.

    `headings` open a block below an article, that goes on to the end of its titles and teasers; `inside` opens a box
    between paragraphs, that goes on to the next paragraph; `lines` stand alone.
    """

    headings: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    datelines: tuple[Pattern, ...] = Field(default=(), description="prefixes of a lead or first paragraph")
