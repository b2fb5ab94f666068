"""What is known of one news site: its addresses, its listings, its pages, and what to expect of it.

A profile is data (`crawler/sites/<domain_with_underscores>.toml`); this module and `crawler.profile` give it a type
and refuse a wrong one with file, key, value and what was expected.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import tomli
from pydantic import Field, ValidationError, field_validator, model_validator

from crawler.addresses import forms_of, host_of, language_of_edition, without_tracking
from crawler.profile import Expected, Furniture, Layout, Part, Politeness, Start
from crawler.profile_values import Pattern, ZoneName, placeholders


class SiteProfileInvalid(ValueError):
    """A profile that cannot be used; the message names file, key, value and what was expected."""


_DAY_GROUPS = {"year", "month", "day"}


class Site(Part):
    """A site profile. `article` has a named group `id`: the id is the article's identity.

    Where one number is not enough, further groups named `id_…` are part of it ("Def=556&ID=2470"). Groups `year` (two
    or four digits), `month` and `day` say that the address tells on which day the article was begun.
    """

    name: str = Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")
    title: str
    owner: str | None = None
    hosts: tuple[str, ...] = Field(min_length=1, description="hosts that are crawled, with a port where not the usual")
    aliases: tuple[str, ...] = Field(default=(), description="hosts that serve the same articles and are not crawled")
    languages: tuple[str, ...] = ("vi",)
    article: Pattern
    address: str | None = Field(
        default=None, description="the URL to fetch an article by, from `{id}` and the other named groups of `article`"
    )
    deny: tuple[Pattern, ...] = ()
    start: Start = Start()
    layouts: tuple[Layout, ...] = ()
    furniture: Furniture = Furniture()
    expected: Expected = Expected()
    politeness: Politeness = Politeness()
    timezone: ZoneName = "Asia/Ho_Chi_Minh"
    verified: bool = False
    unverified: tuple[str, ...] = Field(default=(), description="keys whose values nobody has checked live")

    @field_validator("article")
    @classmethod
    def _names_the_id(cls, pattern: str) -> str:
        groups = re.compile(pattern).groupindex.keys()
        if "id" not in groups:
            raise ValueError("a regular expression with a named group (?P<id>…)")
        if groups & _DAY_GROUPS not in (set(), _DAY_GROUPS):
            raise ValueError("the groups year, month and day together, or none of them")
        return pattern

    @field_validator("hosts", "aliases")
    @classmethod
    def _bare_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        for host in hosts:
            if "/" in host or host != host.lower():
                raise ValueError(f'bare lower-case host names such as "laodong.vn", not {host!r}')
        return hosts

    @model_validator(mode="after")
    def _starts_on_its_hosts(self) -> Self:
        for url in (*self.start.sections, *self.start.feeds, *self.start.sitemaps):
            if urlsplit(url).scheme not in ("http", "https") or not self.crawls(url):
                raise ValueError(f"start: an http(s) URL on one of {', '.join(self.hosts)}, not {url!r}")
        return self

    @model_validator(mode="after")
    def _address_can_be_built(self) -> Self:
        groups = set(re.compile(self.article).groupindex)
        if self.address is not None and not {"id"} <= placeholders(self.address) <= groups:
            raise ValueError(f"address: a URL with {{id}} in it and no other names than {sorted(groups)}")
        return self

    def crawls(self, url: str) -> bool:
        """Whether the URL is on a host of this site that the crawler may ask."""
        return host_of(url) in self.hosts

    def owns(self, url: str) -> bool:
        """Whether the URL is on any host, crawled or alias, of this site."""
        return host_of(url) in (*self.hosts, *self.aliases)

    def denies(self, url: str) -> bool:
        """Whether the URL is no article's: a `deny` pattern is found in it, or it is a topic's."""
        return any(re.search(pattern, url) for pattern in self.deny) or self._is_topic(url)

    def article_id(self, url: str) -> str | None:
        """Return the site's own id of the article at this URL, or None when it is not an article's address.

        Parts of an id are joined by "-", in the order of the pattern. Letter case, percent signs, a port and slashes
        that say nothing make no other article. An edition in another language than the site's is none.
        """
        match = self._match(url)
        if match is None:
            return None
        parts = [name for name in match.re.groupindex if name == "id" or name.startswith("id_")]
        return "-".join(match[name] for name in parts if match[name] is not None) or None

    def article_url(self, url: str) -> str:
        """Return the one address by which an article is fetched.

        Built from `address` where all its names are in the URL; else the URL without fragment and tracking query,
        on the first host when it is on an alias, by https where the site's own addresses are.
        """
        match = self._match(url)
        known = {name: value for name, value in match.groupdict().items() if value is not None} if match else {}
        if self.address and placeholders(self.address) <= known.keys():
            return self.address.format(**known)
        return self._own(match.string if match else url)

    def begun(self, url: str) -> tuple[str, str, str] | None:
        """Return year, month and day on which the article was begun, where its address tells them."""
        match = self._match(url)
        day = tuple(match.groupdict().get(name) for name in ("year", "month", "day")) if match else ()
        return (day[0], day[1], day[2]) if day and all(day) else None  # type: ignore[return-value]

    def topic_url(self, url: str) -> str | None:
        """Return the one address by which a topic's page is read, or None when it is not a topic's."""
        if not self._is_topic(url) or not self.owns(url) or self._is_translated(url):
            return None
        return self._own(url)

    def _match(self, url: str) -> re.Match[str] | None:
        """Return how the article pattern matches the URL, as it is or as it would be written plainly."""
        for form in forms_of(url):
            match = re.match(self.article, form)
            if match is not None:
                return None if self.denies(form) or self._is_translated(form) else match
        return None

    def _is_topic(self, url: str) -> bool:
        return self.start.topics.address is not None and re.match(self.start.topics.address, url) is not None

    def _is_translated(self, url: str) -> bool:
        """Whether the URL is that of an edition in a language that the site is not read in."""
        edition = language_of_edition(url, (*self.hosts, *self.aliases))
        return edition is not None and edition not in self.languages

    def _own(self, url: str) -> str:
        parts = urlsplit(without_tracking(url))
        if host_of(url) in self.aliases:
            parts = parts._replace(netloc=self.hosts[0])
        starts = (*self.start.sections, *self.start.feeds, *self.start.sitemaps)
        if parts.scheme == "http" and starts and all(start.startswith("https:") for start in starts):
            parts = parts._replace(scheme="https")
        return urlunsplit(parts)


_PLAINLY = {"missing": "a value: the key is missing", "extra_forbidden": "no such key"}


def _wrong(detail: dict[str, Any]) -> str:
    """Return key, value and what was expected of one of pydantic's error details."""
    key = ".".join(str(part) for part in detail["loc"])
    expected = _PLAINLY.get(detail["type"], detail["msg"].removeprefix("Value error, "))
    if not key:
        return f"expected {expected}"
    value = "" if isinstance(detail["input"], dict) else f" = {detail['input']!r:.120}"
    return f"{key}{value}: expected {expected}"


def load_site(path: Path) -> Site:
    """Read one profile.

    Raises:
        SiteProfileInvalid: naming the file, each wrong key, its value and what was expected.
    """
    try:
        return Site.model_validate(tomli.loads(path.read_text(encoding="utf-8")))
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SiteProfileInvalid(f"{path}: not a TOML file in UTF-8: {error}") from error
    except ValidationError as error:
        wrongs = [_wrong(dict(detail)) for detail in error.errors()]
        raise SiteProfileInvalid(f"{path}: " + "; ".join(wrongs)) from error
