"""Numbers that `patterns` keeps whole are words by themselves, whatever the segmenter would join them with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.nlp.patterns import WHOLE_NUMBER
from pipeline.nlp.tokens import Column, Tokens


class WholeNumbers:
    """Finds them among tokens; tokens are learnt when first seen."""

    def __init__(self) -> None:
        """Begin with nothing learnt."""
        self.forget()

    def forget(self) -> None:
        """Empty what was learnt of tokens."""
        self._is_whole = Column()

    def hold(self, begins: NDArray[np.bool_], tokens: Tokens, spellings: Sequence[str]) -> None:
        """Let a word begin with each such number, and behind it, in `begins`."""
        new = spellings[len(self._is_whole) :]
        self._is_whole.extend([WHOLE_NUMBER.fullmatch(token) is not None for token in new])
        whole = self._is_whole.array()[tokens.numbers] == 1
        begins |= whole
        begins[1:] |= whole[:-1]
