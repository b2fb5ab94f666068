"""How a section goes on after its first page: read from its pager, tried on its second page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from parsel import Selector
from w3lib.html import get_base_url

from crawler.archive import Capture
from crawler.listing import next_page
from crawler.profile import Paging
from pipeline.parse import PageNotUnderstood, decode
from pipeline.sitedraft.addresses import Link
from pipeline.sitedraft.listings import links_of

_NEXT_WORDS = re.compile(r"(?:trang )?(?:sau|tiếp(?: theo)?|kế(?: tiếp)?|next)\s*[»›>→]*|[»›>→]", re.I)
MOST_PAGES_SHOWN = 30  # numbers on a pager; a larger one is a year or a count
# what pagers are made of, the plainest first; each is tried before it is believed
_NEXT_LINKS = (
    *("a[rel~=next]", "link[rel=next]", "a.next", "li.next a", ".next a", "a.nextpostslink", "a[title='Trang sau']"),
    *(
        "a[title='Trang tiếp']",
        "a[aria-label=Next]",
        "li.active + li a",
        ".active + a",
        ".current + a",
        "li.current + li a",
    ),
    *(
        "span.current + a",
        "strong + a.page",
        "a.page-next",
        "a.pagenext",
        "a.btn-next",
        ".pager .last a",
        ".paging a:last-child",
    ),
    *(".pagination li:last-child a", ".pagination a:last-child", ".pager li:last-child a", ".pager a:last-child"),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A way to the second page of a section, and that page's address."""

    paging: Paging
    second: str
    guessed: bool = False


def turn_of(listing: Capture) -> Turn | None:
    """Return how a section's pager leads on, None where no pager with addresses is on the page."""
    pages = dict(_pager_links(listing, listing.url))
    if 2 in pages and (template := _template(listing.url, pages)):
        built = _second(template, listing)
        if built is not None and _same(built, pages[2]):
            return Turn(template, built)
    second = pages.get(2) or pages.get(0)
    if second is None:
        return None
    for css in _NEXT_LINKS:
        paging = Paging(next=css)
        if _second(paging, listing) == second:
            return Turn(paging, second)
    return None


def guessed_turn(listing: Capture) -> Turn:
    """Return what is usual where no pager was understood: to be believed only when it was tried."""
    wordpress = b"/wp-content/" in listing.body and listing.url.endswith("/")
    template = "{section}page/{n}/" if wordpress else "{section}" + ("&" if "?" in listing.url else "?") + "page={n}"
    paging = Paging(template=template)
    return Turn(paging, template.format(section=listing.url, n=2), guessed=True)


def leads_on(turn: Turn, listing: Capture, second: Capture) -> bool:
    """Whether the way goes on from the second page where that shows a third; a selector may lead back there."""
    if turn.paging.next is None:
        return True
    shown = {url for number, url in _pager_links(second, listing.url) if number in (0, 3)} - {listing.url, turn.second}
    return not shown or _second(turn.paging, second) in shown


def _second(paging: Paging, listing: Capture) -> str | None:
    try:
        text = decode(listing.body, content_type=listing.content_type, where=listing.url)
    except PageNotUnderstood:
        return None
    base = get_base_url(text, listing.url)
    return next_page(Selector(text=text, type="html"), base, paging, listing.url, 2, None)


def _pager_links(listing: Capture, section: str) -> list[tuple[int, str]]:
    """Return (number that a link of a section's pager shows, address); 0 for "next"."""
    found: list[tuple[int, str]] = []
    for link in links_of(listing):
        words = link.text.strip()
        if link.url.split("#")[0] == listing.url:
            continue
        if words.isdecimal() and 1 < int(words) <= MOST_PAGES_SHOWN and _resembles(link, section):
            found.append((int(words), link.url))
        elif _NEXT_WORDS.fullmatch(words) and _resembles(link, section):
            found.append((0, link.url))
    return found[::-1]  # the first link of a number wins in a dict


def _resembles(link: Link, section: str) -> bool:
    """Whether a link may be to another page of a section: some way into its address they are the same."""
    bare = re.sub(r"\.[a-z]{3,5}$", "", urlsplit(section).path.rstrip("/"), flags=re.I)
    return urlsplit(link.url).path.startswith(bare)


def _same(url: str, other: str) -> bool:
    """Whether two addresses differ in nothing but the order of their query."""
    one, two = urlsplit(url), urlsplit(other)
    return one[:3] == two[:3] and sorted(one.query.split("&")) == sorted(two.query.split("&"))


def _template(section: str, pages: dict[int, str]) -> Paging | None:
    """Return the template by which the addresses of pages follow from the section's; None where they do not."""
    second = pages[2]
    third = next((url for number, url in sorted(pages.items()) if number == 3), None)
    for found in re.finditer(r"\d+", second):
        before, value, behind = second[: found.start()], int(found[0]), second[found.end() :]
        if third is not None:
            same = re.fullmatch(re.escape(before) + r"(\d+)" + re.escape(behind), third)
            step = int(same[1]) - value if same else 0
        else:
            step = 1 if value <= 2 else value
        start = _from_section(section, before, behind)
        if start is None or step < 1 or (step > 1 and value != step):
            continue
        if step == 1 and value in (1, 2):
            return Paging(template=start.replace("{}", "{n}"), first=value)
        if step > 1:
            return Paging(template=start.replace("{}", "{offset}"), page_size=step)
    return None


def _from_section(section: str, before: str, behind: str) -> str | None:
    """Return the template with {} for the number; None where the address is not the section's with something added."""
    if {"{", "}"} & set(before + behind):
        return None
    for stem in (section, section.rstrip("/")):
        if before.startswith(stem) and (before[len(stem) :] or section.endswith("/")):
            if stem != section and not before[len(stem) :].startswith("/"):
                continue
            return "{section}" + before[len(section) :] + "{}" + behind
    return _by_query(section, before, behind)


def _by_query(section: str, before: str, behind: str) -> str | None:
    """Return the template where the number is a value of the query, the rest of it the section's own or fixed."""
    page, own = urlsplit(before + "\0" + behind), urlsplit(section)
    if page.path != own.path or "\0" not in page.query:
        return None
    fixed = dict(parse_qsl(own.query, keep_blank_values=True))
    more = [pair for pair in parse_qsl(page.query, keep_blank_values=True) if fixed.get(pair[0]) != pair[1]]
    added = urlencode(more, safe="\0/").replace("\0", "{}").replace("%00", "{}")
    return "{section}" + ("&" if own.query else "?") + added
