"""The press of "Báo Lao Động Vĩnh Khê": addresses, listings and minified pages after the manner of laodong.vn."""

from __future__ import annotations

import re
from typing import ClassVar

from pipeline.demo.articles import DemoArticle
from pipeline.demo.render import PLAIN, XML, Answer, Press, slug_of, tag_number

# end tags that HTML lets a minifier leave out, as the real site's minifier does
_OPTIONAL_END_TAGS = re.compile(r"</(?:p|li|dd|td|th|tr|tbody|head)>(?=\s*(?:<|$))")
# …but a paragraph's only where a block or the parent's end follows
_PARAGRAPH_ENDS = re.compile(r"(?=</?(?:p|div|ul|ol|table|figure|article|h\d|body|dl|li|td)\b)")


def minified(html: str) -> str:
    """Return the page on one line, without the end tags that HTML allows to leave out."""
    html = re.sub(r">\s*\n\s*<", "><", html.strip())

    def dropped(end_tag: re.Match[str]) -> str:
        if end_tag[0] == "</p>" and not _PARAGRAPH_ENDS.match(html, end_tag.end()):
            return end_tag[0]
        return ""

    return _OPTIONAL_END_TAGS.sub(dropped, html)


class Thoibao(Press):
    """Articles at /<section>/<slug>-<id>.ldo, also under any other section, as .bld and below /amp/.

    A listing never ends: past its last page it shows the newest articles again.
    """

    paper: ClassVar[str] = "thoibao"
    page_size: ClassVar[int] = 5
    _routes: ClassVar[tuple[tuple[str, str], ...]] = (
        (r"/robots\.txt", "robots"),
        (r"/sitemap\.xml", "sitemap_index"),
        (r"/sitemap/(?P<name>[a-z0-9-]+)\.xml", "sitemap"),
        (r"/rss", "feeds"),
        (r"/rss/(?P<section>[a-z-]+)\.rss", "feed"),
        (r"/storage/.*\.(?:jpe?g|png|gif)(?:\?.*)?", "picture"),
        (r"/tags/(?P<slug>[a-z0-9-]+)-\d+\.ldo(?:\?.*)?", "tag"),
        (r"/event/(?P<slug>[a-z0-9-]+)-\d+\.ldo", "tag"),
        (r"/events\.ldo", "events"),
        (r"/amp/(?:[a-z0-9-]+/)?[a-z0-9-]+-(?P<number>\d{7})\.ldo(?:\?.*)?", "amp"),
        (r"/(?:[a-z0-9-]+/)?[a-z0-9-]+-(?P<number>\d{7})\.(?:ldo|bld)(?:\?.*)?", "article"),
        (r"/(?P<section>[a-z0-9-]*)(?:\?page=(?P<number>\d{1,6}))?", "listing"),
    )

    def article_path(self, article: DemoArticle) -> str:
        """`/<section>/<slug>-<id>.ldo`."""
        return f"/{article.section}/{article.slug}-{article.id}.ldo"

    def tag_path(self, tag: str) -> str:
        """`/tags/<slug>-<number>.ldo`: the suffix of an article, and yet none."""
        return f"/tags/{slug_of(tag)}-{tag_number(tag)}.ldo"

    def printed(self, template: str, **shown: object) -> str:
        """Fill a template; HTML is minified."""
        page = super().printed(template, **shown)
        return minified(page) if template.endswith(".html") else page

    def gone(self) -> Answer:
        """410 for an article that was taken down."""
        return self.page("error.html", status=410)

    def article(self, number: str) -> Answer:
        """The article's page, whatever section and slug were asked for."""
        return self.article_answer(number)

    def amp(self, number: str) -> Answer:
        """The article's page for phones."""
        return self.article_answer(number, "amp.html")

    def listing(self, section: str = "", number: str = "1") -> Answer:
        """A section's page; "" is the home page, and two sections list the whole paper."""
        names = {"": "Trang chủ", "tin-moi": "Tin mới", "doc-nhieu": "Đọc nhiều"}
        if section not in names and section not in self.sections:
            return self.missing()
        listed = list(self.articles) if section in names else self.in_section(section)
        start = (int(number) - 1) * self.page_size
        shown = listed[max(start, 0) : start + self.page_size] or listed[: self.page_size]
        heading = names.get(section) or self.heading(section)
        return self.page("listing.html", section=section, heading=heading, shown=shown, number=int(number))

    def tag(self, slug: str) -> Answer:
        """All articles with a tag; the page of an event is made alike."""
        tagged = self.tagged(slug)
        if not tagged:
            return self.missing()
        heading = next(tag for tag in tagged[0].tags if slug_of(tag) == slug)
        return self.page("listing.html", section="", heading=heading, shown=tagged, number=1)

    def events(self) -> Answer:
        """The list of events."""
        return self.page("listing.html", section="", heading="Sự kiện", shown=[], number=1)

    def feeds(self) -> Answer:
        """The page that lists the feeds."""
        return self.page("feeds.html")

    def feed(self, section: str) -> Answer:
        """A section's newest articles as RSS; "home" has those of the whole paper."""
        if section != "home" and section not in self.sections:
            return self.missing()
        listed = list(self.articles) if section == "home" else self.in_section(section)
        heading = "Trang chủ" if section == "home" else self.heading(section)
        return Answer(200, self.printed("feed.rss", heading=heading, shown=listed[:20]).encode(), XML)

    def sitemap_index(self) -> Answer:
        """The index of the sitemaps: one a month, one for news, one for the sections."""
        names = [*(month for month, _ in self.months()), "news", "sections"]
        return Answer(200, self.printed("sitemap_index.xml", names=names).encode(), XML)

    def sitemap(self, name: str) -> Answer:
        """One child of the index."""
        shown = list(self.articles) if name == "news" else dict(self.months()).get(name, [])
        if not shown and name != "sections":
            return self.missing()
        return Answer(200, self.printed("sitemap.xml", name=name, shown=shown).encode(), XML)

    def robots(self) -> Answer:
        """robots.txt."""
        return Answer(200, self.printed("robots.txt").encode(), PLAIN)
