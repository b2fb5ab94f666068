"""Where a page of unknown design names its author: in a place that its design calls so, beside the date, below the
body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from pipeline.furniture import is_prose, is_single_line, is_source, person_cited
from pipeline.furniture_rules import opens, shipped
from pipeline.parse.body import below_lines
from pipeline.parse.dates import find_day
from pipeline.parse.dom import Element, called, has_text
from pipeline.parse.layout import MAX_MATCHES, Reading, families
from pipeline.parse.signed import author_names, is_label, marked, names_called_author, names_on, says_author, signs
from pipeline.parse.texts import Texts, key
from pipeline.parse.tree import Tree

# a name stands on the date's line, or on the line above or below it
MAX_LINES_FROM_DATE = 1
# elements above the title that may hold date and author, and those above it and below the body that may be called so
MAX_ELEMENTS_ABOVE, MAX_ELEMENTS_CALLED = 12, 40
# lines below the body among which it is signed: buttons, a source, the author
MAX_LINES_BELOW = 6
MAX_LETTERS_OF_BYLINE = 120
# a link of more words leads to another article
MAX_WORDS_OF_LINK = 4
MAX_AROUND = 6

_CALLED_AUTHOR = re.compile(
    r"author(?!i[sz])|tac-?_?gia|byline|nguoi-?viet|but-?danh|nguoi-?thuc-?hien|(?:^|[\s_-])(?:writer|reporter|created-?by)",
    re.IGNORECASE,
)
_ICON_OF_PERSON = re.compile(
    r"(?:^|[\s_-])(?:user(?!s)|person(?!s)|pencil|pen|edit|author)(?:$|[\s_-](?!plus|group|times))", re.IGNORECASE
)
# what stands below the name of who wrote, on a line of its own
_ROLES = frozenset(map(key, ("Phóng viên", "Nhà báo", "Cộng tác viên", "Biên tập viên", "PV", "CTV", "BTV")))
_AGO = re.compile(r"\d{1,3} (?:giây|phút|giờ|ngày|tuần|tháng|năm) trước\b")
_OF_OTHERS = re.compile(r"comment|binh-?luan|y-?kien|related|lien-?quan|other|tin-?khac", re.IGNORECASE)


def read_authors(page: Tree, title: int | None, reading: Reading, *, stated: tuple[str, ...] = ()) -> None:
    """Read into `reading` the authors that the page names where its design says so, beside the date or below the body.

    Args:
        stated: authors that the metadata name; then only the first of these places is looked at, and what it shows of
            them ("Lâm Vi +1") is not taken for all.
    """
    below = below_lines(page.texts, reading.blocks)
    if names := _called(page, title, reading.begins, below):
        if not {*names} < {*stated}:
            reading.authors, reading.origin["authors"] = names, "generic: what is called the author"
    elif not stated and (names := authors_near_date(page, title, reading.begins)):
        reading.authors, reading.origin["authors"] = names, "generic: beside the date"
    elif not stated and not signs(reading.blocks) and (names := _below(page, below, reading.captions)):
        reading.authors, reading.origin["authors"] = names, "generic: below the body"


def _called(page: Tree, title: int | None, body: int | None, below: int | None) -> tuple[str, ...]:
    """Return the authors in the nearest elements around the article that its design calls so: first above the body."""
    texts = page.texts
    above = beneath = range(0)
    if title is not None:
        nearby = min(len(texts.nodes), texts.end[title] + MAX_ELEMENTS_CALLED)
        above = range(max(0, title - MAX_ELEMENTS_CALLED), nearby if body is None else body)
    if below is not None:
        beneath = range(below, min(len(texts.nodes), below + MAX_ELEMENTS_CALLED))
    marked_up = {texts.number[node] for css in families().authors for node in page.select(css)[:MAX_MATCHES]}
    beyond: int | None = None
    for number in (*above, *beneath):
        node = texts.nodes[number]
        is_called = number in marked_up or _CALLED_AUTHOR.search(called(node)) or _has_icon_of_person(node)
        if not is_called or not 0 < texts.letters(number) <= MAX_LETTERS_OF_BYLINE or _is_of_others(texts, number):
            continue
        if number in beneath:
            beyond = _first_box(texts, beneath) if beyond is None else beyond
            if number >= beyond:
                break
        written = (texts.at(number), *texts.parts(number))
        if names := next((found for one in written if (found := names_called_author(page, one))), ()):
            return names
    return ()


def _has_icon_of_person(node: Element) -> bool:
    """Whether an element begins with a drawing of a person (`<i class="fa fa-user"></i>`)."""
    icon = next(iter(node), None)
    drawn = icon is not None and icon.tag in ("i", "span") and not has_text(icon) and not (node.text or "").strip()
    return drawn and icon is not None and bool(_ICON_OF_PERSON.search(called(icon)))


def _first_box(texts: Texts, below: range) -> int:
    """Return the number of the first heading of a box below a body, that after the last element where there is none."""
    short = (one for one in texts.lines(below.start, below.stop) if texts.letters(one) <= MAX_LETTERS_OF_BYLINE)
    return next((one for one in short if opens(texts.at(one), shipped())), below.stop)


def _is_of_others(texts: Texts, number: int) -> bool:
    """Whether an element lies in a margin, in a comment or in a box of other articles."""
    around = (texts.nodes[number], *islice(texts.nodes[number].iterancestors(), MAX_AROUND))
    return texts.in_margin(number) or any(
        node.tag not in ("body", "html") and _OF_OTHERS.search(called(node)) for node in around
    )


def authors_near_date(page: Tree, title: int | None, body: int | None) -> tuple[str, ...]:
    """Return the authors named with the date, on its line or on the next, between title and body or right above."""
    if title is None or body is None:
        return ()
    texts = page.texts
    first = max(0, title - MAX_ELEMENTS_ABOVE)
    short = (one for one in texts.lines(first, body) if texts.letters(one) <= MAX_LETTERS_OF_BYLINE)
    lines = [one for one in short if not (texts.contains(one, title) or texts.contains(title, one))]
    lines = [one for one in lines if key(texts.at(one)) not in _ROLES]
    printed = [texts.at(number) for number in lines]
    for place in (place for place, text in enumerate(printed) if find_day(text) or _AGO.search(text)):
        near = range(place - MAX_LINES_FROM_DATE, place + MAX_LINES_FROM_DATE + 1)
        for other in sorted(near, key=lambda one: abs(one - place)):
            # right above a title stands its section, or a line of its own above it
            inside = 0 <= other < len(lines)
            beside = inside and (other == place or lines[other] > title or says_author(printed[other]))
            if beside and (names := _names_in_line(page, lines[other])):
                return names
    below_label = (number for label, number in zip(printed, lines[1:], strict=False) if is_label(label))
    labelled = (names for number in below_label if (names := _names_in_line(page, number)))
    return next((names for text in printed if (names := marked(text))), next(labelled, ()))


def _below(page: Tree, below: int | None, captions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the authors named below the body: on the first line, or on one of the next that says so."""
    labelled = False
    for place, number in enumerate(_lines_below(page, below, captions)):
        text = page.texts.at(number)
        if named := marked(text) or person_cited(text):
            return named
        if (place == 0 or labelled) and (named := _names_in_line(page, number)):
            return named
        labelled = is_label(text)
    return ()


def _lines_below(page: Tree, below: int | None, captions: tuple[str, ...]) -> Iterator[int]:
    """Give the short lines below the body up to the first box, paragraph or link to another article."""
    texts = page.texts
    if below is None:
        return
    left = MAX_LINES_BELOW
    for number in texts.lines(below, min(len(texts.nodes), below + MAX_ELEMENTS_CALLED)):
        text = texts.at(number) if texts.letters(number) <= MAX_LETTERS_OF_BYLINE else ""
        led_away = texts.linked(number) and texts.words(number) > MAX_WORDS_OF_LINK and not is_source(text, shipped())
        if not text or not left or is_prose(text) or opens(text, shipped()) or led_away:
            return
        some = any if texts.linked(number) == texts.letters(number) else all
        buttons = some(map(is_single_line, texts.parts(number)))
        if text not in captions and not buttons:
            left -= 1
            yield number


def _names_in_line(page: Tree, number: int) -> tuple[str, ...]:
    """Return the authors that a line names, as a whole or in a part with tags around it."""
    text = page.texts.at(number)
    if is_single_line(text) and not find_day(text) and not says_author(text):
        return ()
    parts = page.texts.parts(number)
    whole = () if _is_of_several_links(page, number, parts) else (text,)
    return marked(text) or next((names for one in (*whole, *parts) if (names := names_on(page, one))), ())


def _is_of_several_links(page: Tree, number: int, parts: list[str]) -> bool:
    """Whether a line is made of links with nothing between them: no name goes over from one to the next."""
    texts = page.texts
    return len(parts) > 1 and texts.linked(number) == texts.letters(number)


def with_others(page: Tree, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return all names of the byline that the page prints one name in: metadata often have the first of several."""
    texts = page.texts
    for number in texts.printed(key(names[0])) if len(names) == 1 else ():
        around = texts.nodes[number].getparent()
        if around is None or texts.in_margin(number) or texts.letters(texts.number[around]) > MAX_LETTERS_OF_BYLINE:
            continue
        printed = author_names(texts.of(around))
        if len(printed) > 1 and key(names[0]) in map(key, printed):
            return printed
    return names
