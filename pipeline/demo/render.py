"""How both demo papers print: addresses and boxes that stay the same from day to day, and the Jinja templates.

A `Press` is one paper on one day: a pure function from a request target to an `Answer`. What a page shows beside its
article is chosen among articles that are there on both days, so that a page changes only when its article does.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import unquote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipeline.demo.articles import DemoArticle
from pipeline.demo.newspaper import demo_folder

HTML = "text/html; charset=utf-8"
XML = "text/xml; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"

_WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
# the smallest picture there is: one transparent pixel
_PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c000000000100010000020144003b")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answers, before HTTP: only pages with `tagged` get an ETag and answer conditional requests."""

    status: int
    body: bytes
    content_type: str = HTML
    modified: dt.datetime | None = None
    tagged: bool = False


def weekday(moment: dt.datetime) -> str:
    """The Vietnamese name of the day of the week."""
    return _WEEKDAYS[moment.weekday()]


def slug_of(words: str) -> str:
    """Return the words as these sites write them in an address: no marks, no dots, hyphens for spaces."""
    plain = unicodedata.normalize("NFD", words.lower().replace("đ", "d"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=\d)[.,](?=\d)", "", letters)).strip("-")


def tag_number(tag: str) -> int:
    """The site's number of a tag: six digits, always the same for the same words."""
    return 100_000 + zlib.crc32(tag.encode()) % 900_000


def teaser(article: DemoArticle) -> str:
    """The lead, or the cut first paragraph of an article without one, as papers fill their description."""
    if article.lead:
        return article.lead
    return article.first.body_lines[0][:120].rsplit(" ", 1)[0] + "..."


class Press(ABC):
    """One paper on one day. `clock` is the time its pages give as now."""

    paper: ClassVar[str]
    page_size: ClassVar[int]
    _routes: ClassVar[tuple[tuple[str, str], ...]]

    def __init__(
        self,
        articles: tuple[DemoArticle, ...],
        sections: Mapping[str, str],
        origin: str,
        day: int,
        clock: dt.datetime,
    ) -> None:
        self.articles = tuple(article for article in articles if article.on_line(day))
        self.sections, self.origin, self.day, self.clock = sections, origin, day, clock
        self._all = {article.id: article for article in articles}
        self._gone = {article.id for article in articles if article.day <= day and not article.on_line(day)}
        self._lasting = tuple(article for article in articles if article.day == 1 and not article.gone_on_day_2)
        self._templates = _environment(self.paper)

    # ----------------------------------------------------------------- addresses
    def answer(self, target: str) -> Answer:
        """Answer a request target: path with query, as it comes in the request line."""
        path = unquote(target)
        for pattern, method in self._routes:
            if found := re.fullmatch(pattern, path):
                answered: Callable[..., Answer] = getattr(self, method)
                return answered(**{name: value for name, value in found.groupdict().items() if value is not None})
        return self.missing()

    @abstractmethod
    def article_path(self, article: DemoArticle) -> str:
        """The article's own address, without the origin."""

    def url(self, article: DemoArticle) -> str:
        """The article's own address."""
        return self.origin + self.article_path(article)

    @abstractmethod
    def tag_path(self, tag: str) -> str:
        """The address of a tag's page, without the origin."""

    def heading(self, section: str) -> str:
        """The section's name as printed."""
        return self.sections[section]

    # ----------------------------------------------------------------- what a page shows
    def related(self, article: DemoArticle) -> list[DemoArticle]:
        """The articles of the related box. A vanished one keeps its link, as on real sites; a later one has none yet.

        An id without an article is left out here: telling it is the checker's business.
        """
        named = (self._all[number] for number in article.related if number in self._all)
        return [other for other in named if other.day <= article.day]

    def beside(self, article: DemoArticle, count: int, turn: int) -> list[DemoArticle]:
        """Choose articles for a box under or beside the article; each `turn` begins elsewhere in the paper."""
        others = [other for other in self._lasting if other.id != article.id]
        if not others:
            return []
        start = (article.id * 7 + turn * 5) % len(others)
        return (others[start:] + others[:start])[:count]

    def same_section(self, article: DemoArticle, count: int) -> list[DemoArticle]:
        """Choose articles of the same section, or of any where there are none."""
        others = [other for other in self._lasting if other.section == article.section and other.id != article.id]
        return others[:count] or self.beside(article, count, turn=3)

    def in_section(self, section: str) -> list[DemoArticle]:
        """The articles that a section lists today, those of its children too, newest first."""
        return [one for one in self.articles if one.section == section or one.section.startswith(section + "/")]

    def tagged(self, slug: str) -> list[DemoArticle]:
        """The articles that carry a tag with this slug, newest first."""
        return [article for article in self.articles if any(slug_of(tag) == slug for tag in article.tags)]

    def linked(self, text: str, article: DemoArticle) -> Markup:
        """Return the text with the first mention of one of the article's tags as a link to the tag's page."""
        for tag in article.tags:
            if found := re.search(rf"(?<!\w){re.escape(tag)}(?!\w)", text):
                before, after = text[: found.start()], text[found.end() :]
                link = Markup('<a href="{}" target="_self" title="{}">{}</a>').format(
                    self.origin + self.tag_path(tag), tag, found[0]
                )
                return escape(before) + link + escape(after)
        return escape(text)

    # ----------------------------------------------------------------- printing
    def page(self, template: str, status: int = 200, **shown: object) -> Answer:
        """Print a template as an HTML page."""
        return Answer(status, self.printed(template, **shown).encode())

    def printed(self, template: str, **shown: object) -> str:
        """Fill a template."""
        return self._templates.get_template(template).render(press=self, **shown)

    def article_answer(self, number: str, template: str = "article.html") -> Answer:
        """The article's page; the site's own page for one that is not there any more or never was."""
        article = self._all.get(int(number))
        if article is None or article not in self.articles:
            return self.gone() if int(number) in self._gone else self.missing()
        edition = article.edition(self.day)
        page = self.page(template, article=article, edition=edition, modified=self.modified(article))
        return Answer(200, page.body, modified=self.modified(article), tagged=True)

    def modified(self, article: DemoArticle) -> dt.datetime:
        """When today's text of the article was last changed."""
        return article.changed(self.day)

    def missing(self) -> Answer:
        """The site's page for an address that it doesn't know."""
        return self.page("error.html", status=404)

    def gone(self) -> Answer:
        """The site's page for an article that was taken down."""
        return self.page("error.html", status=404)

    def picture(self) -> Answer:
        """Any picture: one transparent pixel."""
        return Answer(200, _PIXEL, "image/gif")

    def months(self) -> Iterator[tuple[str, list[DemoArticle]]]:
        """The online articles by month of publication ("2026-09"), newest month first."""
        for month in sorted({f"{article.published:%Y-%m}" for article in self.articles}, reverse=True):
            yield month, [article for article in self.articles if f"{article.published:%Y-%m}" == month]


@functools.cache
def _environment(paper: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(demo_folder() / "templates" / paper),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    environment.globals.update(slug_of=slug_of, tag_number=tag_number, teaser=teaser, weekday=weekday)
    return environment
