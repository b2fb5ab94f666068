"""What a text mentions: an organisation, area, period or movement where it is printed, and those of a sentence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Final, NamedTuple

from pipeline.places import province_codes

# the end of a name that only a fuller text would tell whose it is: "Liên đoàn Lao động tỉnh"
TIERS: Final = ("tỉnh", "huyện", "quận", "thị xã", "thành phố", "xã", "phường", "thị trấn")


class Named(NamedTuple):
    """An organisation, area or period as a sentence prints it; `name` is the canonical name of the first two.

    The codes are those of the province, before and since July 2025, where they are known. `venue`: an area where
    something takes place ("tại Hà Nội"), which is not always what is spoken of, `around`: a wider one. `level` is an
    area's: province, district or commune; `wider`: it only tells where the area before it lies, `of_body`: which stands
    in a body's name. `told`: the article says whose body it is; "LĐLĐ tỉnh" in a text that names no province has no
    name that another could share.
    """

    start: int
    end: int
    text: str
    name: str
    province_63: str | None = None
    province_34: str | None = None
    kind: str | None = None
    venue: bool = False
    around: bool = False
    told: bool = True
    level: str | None = None
    wider: bool = False
    of_body: bool = False

    @property
    def is_commune(self) -> bool:
        """Whether it is an area of the lowest tier."""
        return self.level == "commune"

    @property
    def is_part(self) -> bool:
        """Whether it is part of a province."""
        return self.level in ("district", "commune")

    def is_brand(self, firms: Iterable[str]) -> bool:
        """Whether it is what one of the firms is called: "Công đoàn Than Hạ Sơn" beside "Công ty Than Hạ Sơn"."""
        if self.text.casefold().startswith(TIERS) or province_codes(self.text, None)[1]:
            return False
        return any(firm.endswith(f" {self.text}") for firm in firms)


class Mentions:
    """The mentions of one kind in a sentence, in reading order."""

    __slots__ = ("_alike", "_ends", "all", "starts")

    @classmethod
    def of(cls, mentions: Iterable[Named]) -> Mentions:
        """Return the mentions; most sentences have none of a kind."""
        some = list(mentions)
        return cls(some) if some else NONE

    def __init__(self, mentions: Iterable[Named]) -> None:
        self.all = tuple(sorted(mentions, key=lambda mention: (mention.start, mention.end)))
        self.starts = tuple(mention.start for mention in self.all)
        self._ends = tuple(mention.end for mention in self.all)
        # for each, up to which one all that follow have its name
        self._alike = [len(self.all)] * len(self.all)
        for at in range(len(self.all) - 2, -1, -1):
            same = self.all[at].name == self.all[at + 1].name
            self._alike[at] = self._alike[at + 1] if same else at + 1

    def before(self, start: int) -> int:
        """Return how many mentions end at or before a place."""
        return bisect_right(self._ends, start)

    def first_within(self, start: int, end: int) -> Named | None:
        """Return the first mention inside text[start:end]."""
        first = bisect_left(self.starts, start)
        return self.all[first] if first < bisect_right(self._ends, end) else None

    def only_within(self, start: int, end: int) -> Named | None:
        """Return the first mention inside text[start:end], if all in it share its name."""
        first, last = bisect_left(self.starts, start), bisect_right(self._ends, end)
        return self.all[first] if first < last <= self._alike[first] else None

    def only(self) -> Named | None:
        """Return the first mention, if all share its name."""
        return self.all[0] if self.all and self._alike[0] == len(self.all) else None


NONE: Final = Mentions(())
