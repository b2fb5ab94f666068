"""What stands after an amount: a currency, a measure, a span of time, or the noun phrase that is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.figures.lexicon import UnitLexicon, spelled
from pipeline.figures.words import Word, glued, printed
from pipeline.records import FigureKind

MAX_UNKNOWN_WORDS: Final = 2  # syllables of a counted noun that the lexicon does not know: most nouns have two
PEOPLE: Final = "people"  # who are people only: "01 chị khen thưởng" counts chị
SINGLY_COUNTED: Final = frozenset({"things", "buildings"})  # "06 phòng ở, nhà bếp": six rooms, and a kitchen
SHORT_COORDINATED: Final = frozenset({"people", "bodies", "places"})  # "ông, bà", "xã, phường"; else two syllables
MAX_COORDINATED: Final = 6  # nouns in one counted phrase
ONES: Final = frozenset({"1", "01"})  # "đồng/01 người" is per người
ROUND: Final = frozenset({"10", "100", "1000", "1.000", "10.000", "100.000", "1.000.000"})  # "6,5 lít/100 km"
POINTS: Final = "điểm"
SUPERSCRIPTS: Final = str.maketrans("²³", "23")
ROMAN: Final = frozenset("IVXLC")  # "khóa XII"
PAIRING: Final = frozenset({"và", "hoặc"})
JOINING: Final = frozenset({",", "và", "hoặc", "/"})


class Unit(NamedTuple):
    """What an amount is of: words[at:end]. `known` is False for a noun that the lexicon does not have."""

    kind: FigureKind
    name: str
    end: int
    known: bool = True
    per: str | None = None
    surface_end: int | None = None


def read_unit(words: Sequence[Word], at: int, lexicon: UnitLexicon) -> Unit | None:
    """Return the unit that starts at a word, None if none does; the longest reading wins."""
    if at >= len(words):
        return None
    starting = lexicon.counted.at(words, at)
    if starting and starting.get("series", 0) > starting.get("nouns", 0):
        return None  # "871 loại khá": the noun was said before
    unit = (_known_unit(words, at, starting, lexicon) if starting else None) or unknown_unit(words, at, lexicon.stops)
    if unit is None or unit.end + 1 >= len(words) or words[unit.end].text != "/":
        return unit
    return _with_rate(words, unit, lexicon)


def _known_unit(words: Sequence[Word], at: int, starting: Mapping[str, int], lexicon: UnitLexicon) -> Unit | None:
    """Return the unit of the lexicon that starts at a word; `starting` are the lists that have a phrase there."""
    if ("percents" in starting or words[at].folded == POINTS) and (unit := _percent(words, at, starting, lexicon)):
        return unit
    if "money" in starting and (unit := _money(words, at, starting["money"], starting, lexicon)):
        return unit
    return _longest(words, at, starting, lexicon)


def _percent(words: Sequence[Word], at: int, starting: Mapping[str, int], lexicon: UnitLexicon) -> Unit | None:
    skip = 1 if words[at].folded == POINTS else 0
    count = lexicon.percents.at(words, at + skip) if skip else starting.get("percents")
    if not count:
        return None
    sign = "‰" if words[at + skip].text == "‰" or words[at + count - 1].folded == "nghìn" else "%"
    return Unit("percent", f"điểm {sign}" if skip else sign, at + skip + count)


def _money(
    words: Sequence[Word], at: int, count: int, starting: Mapping[str, int], lexicon: UnitLexicon
) -> Unit | None:
    if starting.get("nouns", 0) > count and "money all the same" not in starting:
        return None
    if "not money" in starting or (words[at].folded in lexicon.names_too and words[at].text.istitle()):
        return None
    return Unit("money", lexicon.currencies[spelled(words[at : at + count])], at + count)


def _longest(words: Sequence[Word], at: int, starting: Mapping[str, int], lexicon: UnitLexicon) -> Unit | None:
    """Return the longest of a measure, a duration and a counted noun; a measure before a duration before a noun."""
    measure = _measure(words, at, starting.get("measures", 0))
    duration, noun = starting.get("durations", 0), starting.get("nouns", 0)
    if starting.get("not nouns", 0) > noun:
        noun = 0
    if measure and measure.end - at >= max(duration, noun) and not _places(words, at, measure, lexicon):
        return measure
    if duration and duration >= noun:
        return Unit("duration", printed(words, at, at + duration), at + duration)
    if noun:
        return _noun_phrase(words, at, noun, lexicon)
    return None


def _places(words: Sequence[Word], at: int, measure: Unit, lexicon: UnitLexicon) -> bool:
    """Whether "điểm" are places and not marks: "80 điểm sạt lở"."""
    return words[at].folded == POINTS and measure.end < len(words) and _noun_like(words[measure.end], lexicon.stops)


def _measure(words: Sequence[Word], at: int, count: int) -> Unit | None:
    if not count:
        return None
    if count == 1 and len(words[at].text) == 1 and words[at].text.isupper():
        return None  # 6G, 3M: a name, not six grams
    if words[at + count - 1].kind == "number" and not glued(words, at + count - 1):
        count -= 1  # "dài 50 m 2 bên" has no m2 in it
    return Unit("measure", printed(words, at, at + count).translate(SUPERSCRIPTS), at + count)


def _noun_phrase(words: Sequence[Word], at: int, count: int, lexicon: UnitLexicon) -> Unit:
    """Return the counted phrase: a noun, with a classifier the noun it classifies, and further nouns of its class."""
    end = _with_complement(words, at, at + count, lexicon)
    classes = lexicon.classes(words[at : at + count])
    if end > at + count:
        classes |= lexicon.classes(words[at + count : end])
    elif count == 1:
        end = _with_unknown_complement(words, end, lexicon)
    for _ in range(MAX_COORDINATED):
        further = _coordinated(words, end, classes, lexicon)
        if further == end:
            break
        end = further
    return Unit("count", printed(words, at, end), end)


def _with_complement(words: Sequence[Word], start: int, end: int, lexicon: UnitLexicon) -> int:
    if spelled(words[start:end]) not in lexicon.classifiers or end >= len(words):
        return end
    follower = words[end]
    if follower.kind != "word" or (follower.text[0].isupper() and not follower.text.isupper()):
        return end
    count = lexicon.nouns.at(words, end)
    if lexicon.verbs_too.at(words, end) >= count > 0 and not follower.text.isupper():
        return end  # "20/23 chi hội tổ chức khảo sát"
    persons = PEOPLE in lexicon.classes(words[start:end]) and PEOPLE not in lexicon.classes(words[end : end + count])
    return end if persons and not follower.text.isupper() else end + count


def _with_unknown_complement(words: Sequence[Word], end: int, lexicon: UnitLexicon) -> int:
    """Return the end after up to two further syllables: a head of one takes words along that the lexicon lacks."""
    if end < len(words) and _tells_which(words[end - 1], words[end], lexicon):
        return end + 1 + lexicon.after_acronyms.at(words, end + 1)
    head = words[end - 1].folded
    if head in lexicon.activities:
        if end < len(words) and words[end].folded in lexicon.not_after_activities:
            return end
        barred = lexicon.function_words
    elif head in lexicon.heads:
        barred = lexicon.stops
    else:
        return end
    stop = end
    while stop < len(words) and stop - end < MAX_UNKNOWN_WORDS and _noun_like(words[stop], barred):
        stop += 1
    return stop


def _tells_which(head: Word, acronym: Word, lexicon: UnitLexicon) -> bool:
    """Whether an acronym belongs to the head before it: "hộ CCB", but "phòng TP" is a room in a city."""
    written = acronym.text
    short = acronym.kind == "word" and len(written) > 1 and written.isupper() and not ROMAN.issuperset(written)
    return short and written not in lexicon.places_in_short and head.text.islower()


def _coordinated(words: Sequence[Word], end: int, classes: frozenset[str], lexicon: UnitLexicon) -> int:
    """Return the end after ", noun" or "và noun" of the same class, else the end as it was."""
    if end + 1 >= len(words) or not (words[end].folded in JOINING or _dotted(words, end)):
        return end
    count = lexicon.nouns.at(words, end + 1)
    if not count or (words[end + 1].text[0].isupper() and not words[end + 1].text.isupper()):
        return end
    after = end + 1 + count
    if words[end].text == "," and after < len(words) and words[after].kind == "number":
        return end  # "5 tầng, thang máy 2 chiếc": the next figure's own noun
    if lexicon.verbs_too.at(words, end + 1) >= count:
        return end
    shared = (classes & lexicon.classes(words[end + 1 : after])) - SINGLY_COUNTED
    if not shared or (count == 1 and not _short_pair(words, end, shared)):
        return end
    return _with_complement(words, end + 1, after, lexicon)


def _dotted(words: Sequence[Word], at: int) -> bool:
    """Whether a dot or dash joins two acronyms: "CB.CNV"."""
    joined = words[at].text in {".", "-", "&"} and glued(words, at) and glued(words, at + 1)
    return joined and words[at - 1].text.isupper() and words[at + 1].text.isupper()


def _short_pair(words: Sequence[Word], end: int, shared: frozenset[str]) -> bool:
    """Whether a noun of one syllable, or an acronym, may be the partner of the one before it: "ông, bà"."""
    alone = end > 1 and (words[end - 2].kind != "word" or words[end - 2].folded in PAIRING)
    return words[end + 1].text.isupper() or (alone and bool(shared & SHORT_COORDINATED))


def unknown_unit(words: Sequence[Word], at: int, barred: frozenset[str]) -> Unit | None:
    """Return up to two lower-case syllables that are not barred, or an acronym: a noun that the lexicon lacks."""
    if at >= len(words) or words[at].kind != "word" or words[at].folded in barred:
        return None
    first = words[at]
    if first.text.isupper() and len(first.text) > 1:
        return Unit("count", first.text, at + 1, known=False)
    end = at
    while end < len(words) and end - at < MAX_UNKNOWN_WORDS and _noun_like(words[end], barred):
        end += 1
    return Unit("count", printed(words, at, end), end, known=False) if end > at else None


def _noun_like(word: Word, barred: frozenset[str]) -> bool:
    return word.kind == "word" and word.text.islower() and len(word.text) > 1 and word.folded not in barred


def _with_rate(words: Sequence[Word], unit: Unit, lexicon: UnitLexicon) -> Unit:
    """Add "/người/tháng", "/100.000 dân" to a unit. A percentage's surface ends at its sign."""
    end = unit.end
    rates: list[str] = []
    while end + 1 < len(words) and words[end].text == "/":
        start = noun = end + 1
        if words[start].kind == "number":
            noun += 1
            if words[start].text in ONES:
                start = noun
            elif words[start].text not in ROUND:
                break
        count = _rate_words(words, noun, lexicon)
        if not count:
            break
        rates.append(printed(words, start, noun + count))
        end = noun + count
    if not rates:
        return unit
    return unit._replace(per="/".join(rates), end=end, surface_end=unit.end if unit.kind == "percent" else end)


def _rate_words(words: Sequence[Word], at: int, lexicon: UnitLexicon) -> int:
    if at >= len(words) or words[at].kind != "word":
        return 0
    starting = lexicon.counted.at(words, at)
    return max(starting.get(name, 0) for name in ("nouns", "durations", "measures")) or 1
