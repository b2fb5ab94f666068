"""What a whole article says: its sentences looked through once, its lines, its opening and its dateline."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from pipeline.attribution.actors import is_of_all_the_country, is_said_by
from pipeline.attribution.marks import NOWHERE, Marked
from pipeline.attribution.mentions import Named
from pipeline.attribution.said import Said
from pipeline.attribution.small_letters import in_small_letters
from pipeline.places import province_codes
from pipeline.records import AttributionRule, BackReference, Movement, Sentence, Setting

_ALL: Final = "all the country"
_LINE_END: Final = re.compile(r"\n")
_CAPITAL: Final = "34-01"
_FIRM: Final = re.compile(r"\b(?:công ty|cty|nhà máy|xí nghiệp|tập đoàn)\b", re.IGNORECASE)
OPENING_LINES: Final = 3  # title, lead and first paragraph: whose article it is, they say
TITLE_AND_LEAD: Final = 2
BACK: Final = 3  # sentences of the same line looked back through
# a paper's opening that names a ministry or a company does not make it the subject of all that follows
_NOT_THROUGHOUT: Final = frozenset(
    {"state", "party", "company", "cooperative", "school", "hospital", "facility", "bank", "press", "fund"}
)


class Told(NamedTuple):
    """What was found, and by which rule; both None where the text does not say."""

    named: Named | None
    rule: AttributionRule | None


UNTOLD: Final = Told(None, None)


@dataclass
class ArticleSays:
    """An article's sentences, each read when first asked for; sentences have their entities."""

    text: str
    sentences: Sequence[Sentence]
    movements: Sequence[Movement | BackReference]
    setting: Setting
    referring: frozenset[int] = frozenset()  # where words stand that refer back to a movement
    small: str = ""  # the text in small letters
    _marked: Marked = NOWHERE
    _read: dict[int, Said] = field(default_factory=dict)
    _lines: list[int] = field(default_factory=list)
    _line_of: list[int] = field(default_factory=list)  # by sentence
    _spoken: list[str | None] = field(default_factory=list)  # the province that each sentence leaves the text with
    _by_sentence: dict[int, list[Movement | BackReference]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.small = in_small_letters(self.text)
        self._marked = Marked.of(self.text, self.small, [sentence.start for sentence in self.sentences])
        self._lines = [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        self._line_of = [bisect_right(self._lines, sentence.start) - 1 for sentence in self.sentences]
        self.referring = frozenset(named.start for named in self.movements if isinstance(named, BackReference))
        for movement in self.movements:
            self._by_sentence.setdefault(movement.sentence, []).append(movement)

    def sentence(self, number: int) -> Said:
        """Return what one sentence says."""
        said = self._read.get(number)
        if said is None:
            own = self._by_sentence.get(number, ())
            said = self._read[number] = Said.read(self.text, self.small, self.sentences[number], own, self._marked)
        return said

    def earlier(self, number: int) -> Iterator[Said]:
        """Yield the sentences before one in the same line, nearest first, BACK at most."""
        lines = self._line_of
        for before in range(number - 1, max(-1, number - 1 - BACK), -1):
            if lines[before] != lines[number]:
                return
            yield self.sentence(before)

    @functools.cached_property
    def opening_organisation(self) -> Named | None:
        """The only organisation that title, lead and first paragraph name, if it may be what all is reported for."""
        opening = list(self._opening())
        only = _only(named for number in opening for named in self.sentence(number).organisations.all)
        if only is None or not only.told or only.kind in _NOT_THROUGHOUT:
            return None
        others = {name for number in opening for name in self.sentence(number).others} - {only.name}
        return only if not others and any(self._acts_itself(number) for number in opening) else None

    def _acts_itself(self, number: int) -> bool:
        """Whether the organisations of a sentence do something there, and are no mere source of what it tells."""
        start = self.sentences[number].start
        bodies = self.sentence(number).organisations.all
        return any(not is_said_by(self.text, self.small, start, body.start, body.end) for body in bodies)

    @functools.cached_property
    def opening_area(self) -> Named | None:
        """The only area that title, lead and first paragraph name.

        But in a title, which no full stop ends, "tại Hà Nội" says where something took place; what is around that, and
        a commune, only counts in title and lead. An opening that speaks of all the country is of no area.
        """
        found: list[Named] = []
        firms = [*self._firms()]
        for number in self._opening():
            line, said = self._line_of[number], self.sentence(number)
            if said.nationwide:
                return None
            for area in said.areas.all:
                in_passing = (area.venue and not self._is_headline(line)) or (
                    line >= TITLE_AND_LEAD and (area.around or area.is_commune)
                )
                if not in_passing and not area.of_body and not area.is_brand(firms):
                    found.append(area)
        only = _only(found)
        return None if only is None or self._is_address(only) else only

    def _is_address(self, area: Named) -> bool:
        """Whether brackets below title and lead only tell where something lies: "Trường THCS Lam Sa (Sơn Lĩnh)"."""
        below = len(self._lines) > TITLE_AND_LEAD and area.start >= self._lines[TITLE_AND_LEAD]
        return below and self.text.startswith("(", area.start - 1)

    def _firms(self) -> Iterator[str]:
        """Yield the companies of the opening and what is theirs: "Công đoàn Công ty Than Hạ Sơn"."""
        for number in self._opening():
            for entity in self.sentences[number].entities:
                if entity.label == "ORG" and _FIRM.search(entity.text):
                    yield entity.text

    def is_title(self, number: int) -> bool:
        """Whether a sentence is the title's: what that leaves out, it does not say."""
        return self._is_headline(self._line_of[number])

    def _is_headline(self, line: int) -> bool:
        """Whether a line is the title: the first one, which is no sentence with a full stop."""
        end = self._lines[1] if len(self._lines) > 1 else len(self.text)
        return line == 0 and not self.text[:end].rstrip().endswith((".", "…", ":"))

    def speaks_of(self, area: Named, number: int) -> bool:
        """Whether an article that opened with an area still speaks of it in a sentence, as far as it names provinces.

        It doesn't where all the country, or another province, was named since the area's own was.
        """
        if area.province_34 is None:
            return True
        while len(self._spoken) <= number:
            sentence = self.sentences[len(self._spoken)]
            last = self._spoken[-1] if self._spoken else None
            codes = [one.province_34 for one in sentence.entities if one.label != "PER" and one.province_34]
            if codes:
                last = codes[-1] if area.province_34 not in codes else area.province_34
            elif self._is_of_all_the_country(sentence):
                last = _ALL
            self._spoken.append(last)
        before = self._spoken[number - 1] if number else None
        return before in (None, area.province_34)

    def _is_of_all_the_country(self, sentence: Sentence) -> bool:
        marked = sentence.start in self._marked.countries
        return marked and is_of_all_the_country(self.small, sentence.start, sentence.end)

    @functools.cached_property
    def dateline(self) -> Named | None:
        """The place of the dateline, where it is a province: it stands no more in the text.

        News from the capital is of all the country as often as not, and so is an opening that says so; one that names
        another province is of that.
        """
        place = self.setting.place
        if place is None:
            return None
        codes = province_codes(place, self.setting.on)
        if codes[1] in (None, _CAPITAL) or any(self._is_elsewhere(number, codes[1]) for number in self._opening()):
            return None
        return Named(0, 0, place, place, *codes)

    def _is_elsewhere(self, number: int, province_34: str | None) -> bool:
        """Whether a sentence speaks of all the country or of another province."""
        said = self.sentence(number)
        return said.nationwide or any(area.province_34 not in (None, province_34) for area in said.areas.all)

    def _opening(self) -> Iterator[int]:
        for number, line in enumerate(self._line_of):
            if line >= OPENING_LINES:
                return
            yield number


def _only(found: Iterable[Named]) -> Named | None:
    """Return the first, where all have its name."""
    mentions = list(found)
    return mentions[0] if len({mention.name for mention in mentions}) == 1 else None
