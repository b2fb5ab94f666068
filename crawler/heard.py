"""What a site answered to a few questions, and what the next questions are: for a draft of its profile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crawler.archive import Capture


@dataclass(slots=True)
class Heard:
    """What is known of a site so far.

    `answers` has by the address asked what came, of any status and after redirects: a capture's own address is the
    last one. `silences` says for an address why nothing came. `sitemaps` are those of robots.txt; `crawl_delay` is
    what it asks for, in seconds.
    """

    answers: dict[str, Capture] = field(default_factory=dict)
    silences: dict[str, str] = field(default_factory=dict)
    sitemaps: tuple[str, ...] = ()
    crawl_delay: float | None = None
    requests: int = 0

    def pages(self, urls: Sequence[str]) -> list[Capture]:
        """Return of these addresses the answers with status 200, in order."""
        found = (self.answers.get(url) for url in urls)
        return [one for one in found if one is not None and one.status == 200]


Questions = Callable[[Heard], Sequence[str]]  # the addresses to ask for next; none ends the asking
