"""A profile tried on pages of its site: which selectors match, and how many pages give title, lead, date and body."""

from pipeline.sitecheck.report import (
    NothingToCheck,
    SiteReport,
    check_profile,
    report_lines,
    report_values,
    section_lines,
    why_unread,
)
from pipeline.sitecheck.sample import Sample, sample

__all__ = [
    "NothingToCheck",
    "Sample",
    "SiteReport",
    "check_profile",
    "report_lines",
    "report_values",
    "sample",
    "section_lines",
    "why_unread",
]
