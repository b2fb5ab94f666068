"""A draft profile for a site nobody has described: pages in, TOML out; nothing is fetched here."""

from pipeline.sitedraft.addresses import Form, Link, forms_by_use
from pipeline.sitedraft.draft import Draft, DraftRefused, draft_site, unsure_lines
from pipeline.sitedraft.identity import Identity, identity_of
from pipeline.sitedraft.survey import MOST_REQUESTS, Survey, name_of
from pipeline.sitedraft.written import as_toml

__all__ = [
    "MOST_REQUESTS",
    "Draft",
    "DraftRefused",
    "Form",
    "Identity",
    "Link",
    "Survey",
    "as_toml",
    "draft_site",
    "forms_by_use",
    "identity_of",
    "name_of",
    "unsure_lines",
]
