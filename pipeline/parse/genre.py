"""What form an article has: told by what the page says of itself, by its address, and by what its body is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from pipeline.parse.dom import Element
from pipeline.parse.layout import Reading
from pipeline.parse.metadata import is_address
from pipeline.parse.tree import Tree
from pipeline.records import ArticleKind, Block

# a page that plays a film prints a few lines about it; more text is an article with a film in it
MAX_WORDS_BESIDE_FILM = 150
# a photo story has a picture for every few lines: the fewest pictures, and the most words to each
MIN_PICTURES, MAX_WORDS_A_PICTURE = 5, 60
MIN_QUESTIONS = 3
MIN_ENTRIES = 4  # times of day that begin a line of a live ticker

_BY_ADDRESS: tuple[tuple[ArticleKind, re.Pattern[str]], ...] = (
    ("emagazine", re.compile(r"/(?:e-?magazine|longform|mega-?story|emag)s?\b|\.media$|\bemagazine\b", re.I)),
    ("live", re.compile(r"/(?:truc-tiep|live|tuong-thuat)[/-]", re.I)),
    ("video", re.compile(r"/(?:video|clip|truyen-hinh|media-video)[/-]", re.I)),
    ("photo_story", re.compile(r"/(?:anh|photo|photos|chum-anh|phong-su-anh)/|/(?:chum-anh|phong-su-anh)-", re.I)),
    ("document", re.compile(r"/(?:van-ban|vbpq|van-ban-phap-quy|van-ban-chi-dao)/", re.I)),
)
_BY_TITLE: tuple[tuple[ArticleKind, re.Pattern[str]], ...] = (
    ("emagazine", re.compile(r"\[? ?(?:e-?magazine|longform|megastory)\b", re.I)),
    ("live", re.compile(r"\[? ?(?:trực tiếp|tường thuật trực tiếp|live) ?[\]:|]", re.I)),
    ("video", re.compile(r"\[? ?(?:video|clip) ?[\]:|]", re.I)),
    ("photo_story", re.compile(r"\[? ?(?:ảnh|chùm ảnh|phóng sự ảnh|photo) ?[\]:|]", re.I)),
)
_MAGAZINE_NAMES = frozenset(
    (
        "e-magazine",
        "emagazine",
        "longform",
        "sc-longform-header-title",
        "e-magazine__body",
        "magazine-content",
        "emag-body",
    )
)
_STATE = re.compile(r"cộng h(?:òa|oà) xã hội chủ nghĩa việt nam", re.I)
_NUMBER = re.compile(r"\bsố\s*:?\s*\d{1,5}(?:/\d{4})?\s*/[A-ZĐ]{2,8}[-A-ZĐ0-9]*", re.I)
_QUESTION = re.compile(r"(?:PV|P\.V|Phóng viên|Hỏi)\s*:", re.I)
_ENTRY = re.compile(r"(?:\[\s*)?\d{1,2}\s?[:hg]\s?\d{2}\b")


def kind_of(page: Tree, address: str | None, reading: Reading, metadata: Reading) -> ArticleKind:
    """Return the form of an article; "article" where nothing tells another."""
    words = sum(len(block.text.split()) for block in reading.blocks)
    stated = _stated(reading.title, address)
    if "LiveBlogPosting" in metadata.types or stated == "live" or _is_ticker(reading.blocks):
        return "live"
    if _MAGAZINE_NAMES & page.names or stated == "emagazine":
        return "emagazine"
    if _plays_film(page, metadata) and words < MAX_WORDS_BESIDE_FILM:
        return "video"
    opening = (
        *map(Block, reading.above),
        *reading.blocks,
    )  # a letterhead ends with a date, as what stands above a body
    if _is_document(opening) or (stated == "document" and _has_number(opening)):
        return "document"
    if _is_interview(reading.blocks):
        return "interview"
    pictures = len(reading.captions) if stated != "photo_story" else max(len(reading.captions), MIN_PICTURES)
    if pictures >= MIN_PICTURES and (stated == "photo_story" or words <= MAX_WORDS_A_PICTURE * pictures):
        return "photo_story"
    return "video" if stated == "video" and words < MAX_WORDS_BESIDE_FILM else "article"


def _stated(title: str, address: str | None) -> ArticleKind | None:
    """Return the form that the title begins with or the address names."""
    path = urlsplit(address).path if address and is_address(address) else ""
    by_title = next((kind for kind, pattern in _BY_TITLE if pattern.match(title)), None)
    return by_title or next((kind for kind, pattern in _BY_ADDRESS if pattern.search(path)), None)


def _plays_film(page: Tree, metadata: Reading) -> bool:
    return "VideoObject" in metadata.types or _has(page.root, "video")


def _has(root: Element, tag: str) -> bool:
    return next(root.iter(tag), None) is not None


def _is_ticker(blocks: Sequence[Block]) -> bool:
    return sum(bool(_ENTRY.match(block.text)) for block in blocks) >= max(MIN_ENTRIES, len(blocks) // 4)


def _is_document(blocks: Sequence[Block]) -> bool:
    return any(_STATE.search(block.text[:300]) for block in blocks[:6]) and _has_number(blocks)


def _has_number(blocks: Sequence[Block]) -> bool:
    return any(_NUMBER.search(block.text[:300]) for block in blocks[:8])


def _is_interview(blocks: Sequence[Block]) -> bool:
    """Whether questions stand apart: as subheads, or with who asks before them."""
    asked = sum(
        block.text.endswith("?") and (block.role == "heading" or bool(_QUESTION.match(block.text))) for block in blocks
    )
    return asked >= MIN_QUESTIONS
