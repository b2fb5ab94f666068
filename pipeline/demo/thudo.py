"""The press of "Lao động Thành Sơn": addresses, listings and pages after the manner of a MasterCMS paper."""

from __future__ import annotations

import base64
from typing import ClassVar

from pipeline.demo.articles import DemoArticle
from pipeline.demo.render import PLAIN, XML, Answer, Press, slug_of, tag_number


class Thudo(Press):
    """Articles at /<slug>-<id>.html, with a print view; listings go on by offset and end with an empty page."""

    paper: ClassVar[str] = "thudo"
    page_size: ClassVar[int] = 4
    initials: ClassVar[str] = "LĐTS"
    _routes: ClassVar[tuple[tuple[str, str], ...]] = (
        (r"/robots\.txt", "robots"),
        (r"/sitemap\.xml", "sitemap_index"),
        (r"/sitemap-article-(?P<month>\d{4}-\d{2})\.xml", "sitemap"),
        (r"/rss_feed/?", "feed"),
        (r"/stores/.*\.(?:jpe?g|png|gif)(?:\?.*)?", "picture"),
        (r"/tags/(?P<slug>[a-z0-9-]+)-\d+\.tag", "tag"),
        (r"/chuyen-de/(?P<slug>[a-z0-9-]+)\.topic", "tag"),
        (r"/(?P<slug>[a-z0-9-]+)\.media", "media"),
        (r"/apicenter@/print_article&i=(?P<number>\d{6})", "print_view"),
        (r"/[a-z0-9-]+-(?P<number>\d{6})\.html(?:\?.*)?", "article"),
        (r"/(?P<section>[a-z-]*(?:/[a-z-]+)?)(?:&s_cond=&BRSR=(?P<offset>\d{1,6}))?", "listing"),
    )

    def article_path(self, article: DemoArticle) -> str:
        """`/<slug>-<id>.html`: no section in it."""
        return f"/{article.slug}-{article.id}.html"

    def tag_path(self, tag: str) -> str:
        """`/tags/<slug>-<number>.tag`."""
        return f"/tags/{slug_of(tag)}-{tag_number(tag)}.tag"

    def article(self, number: str) -> Answer:
        """The article's page."""
        return self.article_answer(number)

    def print_view(self, number: str) -> Answer:
        """The article alone, for printing."""
        return self.article_answer(number, "print.html")

    def widget_number(self, article: DemoArticle) -> str:
        """The id as the statistics widget writes it."""
        return base64.b64encode(str(article.id).encode()).decode()

    def listing(self, section: str = "", offset: str = "0") -> Answer:
        """A section's page from an offset; "" is the home page, and two sections list the whole paper."""
        names = {"": "Trang chủ", "moi-nhat": "Mới nhất", "doc-nhieu": "Đọc nhiều"}
        if section not in names and section not in self.sections:
            return self.missing()
        listed = list(self.articles) if section in names else self.in_section(section)
        start = int(offset)
        return self.page(
            "listing.html",
            section=section or "moi-nhat",
            heading=names.get(section) or self.heading(section),
            shown=listed[start : start + self.page_size],
            start=start,
            total=len(listed),
        )

    def tag(self, slug: str) -> Answer:
        """All articles with a tag; the page of a topic is made alike."""
        tagged = self.tagged(slug)
        if not tagged:
            return self.missing()
        heading = next(tag for tag in tagged[0].tags if slug_of(tag) == slug)
        return self.page("listing.html", section="moi-nhat", heading=heading, shown=tagged, start=0, total=len(tagged))

    def media(self, slug: str) -> Answer:
        """A magazine page made of pictures: no article."""
        return self.page("media.html", slug=slug)

    def feed(self) -> Answer:
        """The newest 25 articles as RSS."""
        return Answer(200, self.printed("feed.rss", shown=self.articles[:25]).encode(), XML)

    def sitemap_index(self) -> Answer:
        """The index of the sitemaps, one a month."""
        months = [month for month, _ in self.months()]
        return Answer(200, self.printed("sitemap_index.xml", months=months).encode(), XML)

    def sitemap(self, month: str) -> Answer:
        """The addresses of a month's articles."""
        shown = dict(self.months()).get(month, [])
        return Answer(200, self.printed("sitemap.xml", shown=shown).encode(), XML) if shown else self.missing()

    def robots(self) -> Answer:
        """robots.txt."""
        return Answer(200, self.printed("robots.txt").encode(), PLAIN)
