"""Names without quotes that no registry knows: where a capital letter begins one, and where it ends."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.movements.heads import boundary
from pipeline.movements.line import Line

MAX_UNQUOTED_SYLLABLES = 15  # of an unknown name without quotes; longer ones are sentences
MIN_COMMON_SYLLABLES = 3  # of a name that is known by being printed again

DASHES = ("-", "–", "—")


def no_name(line: Line, first: int) -> str | None:
    """Return why the capitalised syllable at `first` begins no name without quotes, or None where it may."""
    word = line.word(first)
    if line.capitals:
        return "all capitals"
    for name, reason in (
        ("organisations", "organisation or place"),
        ("unions", "organisation or place"),
        ("descriptions", "description"),
    ):
        if line.begins(name, first):
            return reason
    return "abbreviation" if word.isupper() and len(word) > 1 else None


def unquoted_end(line: Line, first: int, limit: int) -> int | None:
    """Return where an unknown name without quotes ends that begins with the capitalised syllable at `first`.

    None when it does not read like a name: one syllable, too long, an abbreviation, an organisation, a description.
    """
    if first >= len(line.syllables) or not line.capitalised(first) or no_name(line, first) is not None:
        return None
    after = first + 1
    last = min(len(line.syllables), first + MAX_UNQUOTED_SYLLABLES + 1)
    while after < last and line.syllables.ends[after] <= limit and continues(line, after):
        after += 1
    length = after - first
    return line.syllables.ends[after - 1] if 2 <= length <= MAX_UNQUOTED_SYLLABLES else None


def is_doubtful(line: Line, first: int, end: int) -> bool:
    """Say whether a name may go on where it was cut: "Quà Tết | tặng người nghèo", "Ruộng lúa, | bờ hoa".

    Only of names with one capital, at their beginning; those with more end where their capitals do.
    """
    after = line.index_at(end)
    if any(line.capitalised(index) for index in range(first + 1, after)) or after >= len(line.syllables):
        return False
    gap = line.gap(after).strip(" \u00a0")
    if gap:
        return gap == "," and not line.capitalised(after)
    return not line.begins("ends", after) and not line.capitalised(after)


def is_feast(line: Line, first: int, end: int) -> bool:
    """Say whether a name is a feast's: "chương trình Tết Trung thu" is what is held on that day."""
    return tuple(line.syllables.keys[first : line.index_at(end)]) in boundary("feasts", marked=line.marked)


def common_name(lines: Sequence[tuple[Line, int]]) -> Sequence[tuple[int, int]]:
    """Return where a name stands that several places print, by the syllables they begin with alike.

    `lines` give each line and the index of the name's first syllable. Empty when what they share is no name.
    """
    line, first = lines[0]
    length = 0
    while length < MAX_UNQUOTED_SYLLABLES and all(
        start + length < len(other.syllables)
        and other.syllables.keys[start + length] == line.syllables.keys[first + length]
        and (not length or _gap_kind(other, start + length) == _gap_kind(line, first + length) in ("", ",", "-"))
        for other, start in lines
    ):
        length += 1
    while length and (line.begins("trailing", first + length - 1) or line.word(first + length - 1)[0].isdigit()):
        length -= 1
    if length < MIN_COMMON_SYLLABLES:
        return ()
    return [(other.syllables.starts[start], other.syllables.ends[start + length - 1]) for other, start in lines]


def _gap_kind(line: Line, index: int) -> str:
    return line.gap(index).strip(" \u00a0").replace("–", "-").replace("—", "-")


def continues(line: Line, index: int) -> bool:
    """Say whether an unknown name that stands before the index goes on with the syllable there."""
    gap = line.gap(index).strip(" \u00a0")
    if gap:
        return gap in DASHES and line.capitalised(index) and not line.begins("credits", index)
    if line.capitalised(index):
        return not line.begins("organisations", index)
    return not line.begins("stops", index) and not line.word(index)[0].isdigit()
