"""Topics and tags that the pages link to: of the corpus's matter those whose address names it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from pipeline.sitedraft.identity import Identity, literal

_TOPIC = re.compile(r"/(tags?|tu-khoa|chu-de|chuyen-de|topics?|su-kien|dong-su-kien|events?)/[^/]+", re.I)
_WORDS = "cong-doan|doan-vien|nghiep-doan|lao-dong|cong-nhan|thi-dua"
_OF_UNIONS = re.compile(_WORDS, re.I)


def topics_of(urls: Iterable[str], sections: Iterable[str], identity: Identity, host: str) -> tuple[str | None, str]:
    """Return the pattern of topics' addresses, and what it rests on; None where no topic is named for unions.

    Also None where a section's address looks alike: it would be walked twice.
    """
    steps = {
        url: found[1] for url in urls if (found := _TOPIC.search(urlsplit(url).path)) and identity.id_of(url) is None
    }
    named = {url: step for url, step in steps.items() if _OF_UNIONS.search(urlsplit(url).path.rpartition(step)[2])}
    if not named:
        seen = f"{len(steps)} topics and tags are linked to, none named for unions" if steps else "no link to one seen"
        return None, f"{seen}: none are read"
    alternatives = "|".join(sorted({literal(step) for step in named.values()}))
    start = rf"^https?://(?:www\.)?{literal(host.removeprefix('www.'))}/(?:[^?#]*/)?(?:{alternatives})/"
    pattern = rf"{start}[^/?#]*(?:{_WORDS})"
    if any(re.match(pattern, url) for url in sections):
        return None, "topics and tags look like sections: none are read"
    return pattern, f"{len(named)} of {len(steps)} linked to are named for unions; not asked"
