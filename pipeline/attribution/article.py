"""What a whole article says: its sentences looked through once, its lines, its opening and its dateline."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.attribution.said import Mentions, Named, Said
from pipeline.places import province_codes
from pipeline.schema import BackReference, Movement, Sentence, Setting

OPENING_LINES: Final = 3  # title, lead and first paragraph: whose article it is, they say
BACK: Final = 3  # sentences of the same line looked back through


@dataclass(slots=True)
class ArticleSays:
    """An article's sentences, each read when first asked for; sentences have their entities."""

    text: str
    sentences: Sequence[Sentence]
    movements: Sequence[Movement | BackReference]
    setting: Setting
    referring: frozenset[int] = frozenset()  # where words stand that refer back to a movement
    _read: dict[int, Said] = field(default_factory=dict)
    _lines: list[int] = field(default_factory=list)
    _by_sentence: dict[int, list[Movement | BackReference]] = field(default_factory=dict)
    _opening: dict[str, Named | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lines = [0, *(at + 1 for at, letter in enumerate(self.text) if letter == "\n")]
        self.referring = frozenset(named.start for named in self.movements if isinstance(named, BackReference))
        for movement in self.movements:
            self._by_sentence.setdefault(movement.sentence, []).append(movement)

    def sentence(self, number: int) -> Said:
        """Return what one sentence says."""
        if number not in self._read:
            own = self._by_sentence.get(number, ())
            self._read[number] = Said.read(self.text, self.sentences[number], own)
        return self._read[number]

    def earlier(self, number: int) -> Iterator[Said]:
        """Yield the sentences before one in the same line, nearest first, BACK at most."""
        line = self._line(number)
        for before in range(number - 1, max(-1, number - 1 - BACK), -1):
            if self._line(before) != line:
                return
            yield self.sentence(before)

    def opening(self, of: str, mentions: Callable[[Said], Mentions]) -> Named | None:
        """Return the only organisation or area that title, lead and first paragraph name, else None.

        Args:
            of: names what is asked for; the answer is worked out once.
        """
        if of not in self._opening:
            found: list[Named] = []
            for number in range(len(self.sentences)):
                if self._line(number) >= OPENING_LINES:
                    break
                found += mentions(self.sentence(number)).all
            self._opening[of] = found[0] if len({mention.name for mention in found}) == 1 else None
        return self._opening[of]

    def dateline(self) -> Named | None:
        """Return the place of the dateline, where it is a province: it stands no more in the text."""
        place = self.setting.place
        if place is None:
            return None
        codes = province_codes(place, self.setting.on)
        return Named(0, 0, place, place, *codes) if codes[1] else None

    def _line(self, number: int) -> int:
        return bisect_right(self._lines, self.sentences[number].start) - 1
