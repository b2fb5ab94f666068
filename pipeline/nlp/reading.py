"""How a text is shown to the models and what is kept whole: as underthesea does, unless an option says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.nlp.tones import Tones

# "whole": a title with its full stops is one word ("Th.S.", "Bs."), and no other word is taken for one ("Theseus",
# which underthesea cuts into "Thes" and "eus": in its pattern the dot of "Th.S" stands for any letter)
Titles = Literal["as_underthesea", "whole"]
# "whole": dates, times, numbers with the unit glued to them, units of a town and numbers of documents are one word
Numbers = Literal["as_underthesea", "whole"]
# "union": the names of union bodies, posts and works are one word each (lexicon/union_words.txt)
Lexicon = Literal["none", "union"]


@dataclass(frozen=True, slots=True)
class Reading:
    """The options of the annotation; as they stand here, the answers are underthesea's bit for bit."""

    tones: Tones = "as_underthesea"
    titles: Titles = "as_underthesea"
    numbers: Numbers = "as_underthesea"
    lexicon: Lexicon = "none"


AS_UNDERTHESEA = Reading()
