"""Whether what was read of a page is an article; what is none is refused with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.site import Site
from pipeline.furniture import is_prose
from pipeline.parse import kinds
from pipeline.parse.body import LINK_REASON
from pipeline.parse.dated import dates_shown
from pipeline.parse.genre import MIN_PICTURES
from pipeline.parse.layout import BOX_REASON, Reading
from pipeline.parse.refusal import PageNotUnderstood, Reason
from pipeline.parse.tree import Tree

# words of lead and body below which a page is no news item: the shortest seen (a photo report's lead) has 18
MIN_WORDS = 15
# words that a page must have when nothing but its looks say that it is an article
MIN_WORDS_UNCONFIRMED = 80
# … and when it shows a date near its title
MIN_WORDS_DATED = 40
# of the lines of an article, those that are whole paragraphs; sections, with their weather and prices, have a tenth
MIN_PROSE_SHARE = 0.3
# a page full of links is still an article when it has this much text, hardly a link between the lines
MIN_WORDS_LISTING = 150
MAX_LINK_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Admission:
    """One page at the door. `is_article` is its metadata's word, `scripted` whether it had scripts, `tried` says which
    layouts did not read it."""

    page: Tree
    address: str | None
    site: Site | None
    is_article: bool
    scripted: bool
    tried: list[str] = field(default_factory=list)

    def refusal_of_unread(self, paid: bool) -> PageNotUnderstood:
        """Return the refusal of a page that no layout reads."""
        self._refuse_shell()
        reason: Reason = kinds.kind_by_structure(self.page, self.address)
        if self.is_article and reason in ("not_article", *kinds.LISTS):
            reason = "paywall" if kinds.is_stub(self.page, paid) else "no_body"
        return PageNotUnderstood(reason, self._tried(), self.address)

    def refuse_stub(self, reading: Reading, paid: bool) -> None:
        """Raise PageNotUnderstood for the few lines that are shown of an article for subscribers."""
        words = words_of(reading)
        if words < MIN_WORDS_UNCONFIRMED and kinds.is_stub(self.page, paid):
            advice = "ask the publisher, or put a subscriber's cookie into the profile (politeness.cookies)"
            detail = f"{words} words of body, the rest is for subscribers; {advice}"
            raise PageNotUnderstood("paywall", detail, self.address)

    def refuse_what_is_no_article(self, reading: Reading) -> None:
        """Raise PageNotUnderstood for a list of articles, a page that is not there, too few words, no title."""
        if kinds.is_not_found(reading.title):
            raise PageNotUnderstood("soft_404", f"the page says {reading.title!r}", self.address)
        told = (reading.lead, *(block.text for block in reading.blocks))
        pictures = reading.captions if len(reading.captions) >= MIN_PICTURES else ()
        words = sum(len(text.split()) for text in (*told, *pictures))
        dated = reading.layout != "generic" and bool(reading.published)
        known = self.is_article or self._is_of_profile(reading) or dated
        if not known:
            self._refuse_list(reading, words)
        needed = MIN_WORDS if known else MIN_WORDS_DATED if self._shows_date(reading) else MIN_WORDS_UNCONFIRMED
        if words < needed:
            self.tried.append(f"{reading.layout}: {words} words of body")
            raise PageNotUnderstood("too_short" if known else "not_article", self._tried(), self.address)
        if not reading.title:
            raise PageNotUnderstood("no_title", f"{words} words of body but no title; {self._advice()}", self.address)

    def _refuse_list(self, reading: Reading, words: int) -> None:
        self._refuse_shell()
        kind = kinds.kind_by_structure(self.page, self.address)
        links = sum(line.reason == LINK_REASON for line in reading.dropped)
        few_links = links < MAX_LINK_SHARE * len(reading.blocks) and _is_mostly_prose(reading)
        if kind in kinds.LISTS and words >= MIN_WORDS_LISTING and few_links:
            kind = "not_article"  # many links, but around the text and not between its lines
        lines = [block.text for block in reading.blocks] + [
            line.line for line in reading.dropped if not line.reason.startswith(BOX_REASON)
        ]
        if kinds.is_list_of_links(self.page.root, lines):
            kind = kinds.listed_by(self.page.root, self.address)
        if kind != "not_article":
            raise PageNotUnderstood(kind, f"a {kind} page: nothing in it says that it is an article", self.address)

    def _refuse_shell(self) -> None:
        if self.scripted and not self.is_article and kinds.is_shell(self.page):
            advice = "the page is made in the browser, or cut off; archive it with one, or ask the publisher for a feed"
            raise PageNotUnderstood("empty", f"scripts and no text: {advice}", self.address)

    def _shows_date(self, reading: Reading) -> bool:
        return any(dates_shown(self.page, reading))

    def _is_of_profile(self, reading: Reading) -> bool:
        return self.site is not None and reading.layout.startswith(self.site.name + "/")

    def _tried(self) -> str:
        who = self.site.name if self.site else "the families and the generic way"
        return f"no layout of {who} reads this page ({'; '.join(self.tried)}). {self._advice()}"

    def _advice(self) -> str:
        if self.site is None:
            return "If it is an article, write a profile for its site (`congdoan sites new URL` drafts one)."
        name = self.site.name
        return f"If the site was redesigned, add a layout to crawler/sites/{name}.toml (`congdoan sites check {name}`)."


def words_of(reading: Reading) -> int:
    """Return how many words a reading has in its body."""
    return sum(len(block.text.split()) for block in reading.blocks)


def _is_mostly_prose(reading: Reading) -> bool:
    return sum(is_prose(block.text) for block in reading.blocks) >= MIN_PROSE_SHARE * len(reading.blocks)
