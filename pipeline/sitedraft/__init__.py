"""A draft profile for a site nobody has described: pages in, TOML out; nothing is fetched here."""

from pipeline.sitedraft.addresses import ArticleShape, Link, shapes_by_use
from pipeline.sitedraft.draft import Draft, DraftRefused, draft_site, read_article
from pipeline.sitedraft.listings import feed_links, links_of, menu_links
from pipeline.sitedraft.written import as_toml, name_of

__all__ = [
    "ArticleShape",
    "Draft",
    "DraftRefused",
    "Link",
    "as_toml",
    "draft_site",
    "feed_links",
    "links_of",
    "menu_links",
    "name_of",
    "read_article",
    "shapes_by_use",
]
