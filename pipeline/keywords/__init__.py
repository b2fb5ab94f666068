"""Words of the corpus: key phrases, collocations and keyness, counted in one bounded pass after another."""

from pipeline.keywords.collocations import Association, Collocation, collocations
from pipeline.keywords.keyness import MIN_LOG_LIKELIHOOD, KeyMeasure, KeyWord, PartEmpty, keyness
from pipeline.keywords.phrases import LONGEST, KeyPhrase, key_phrases
from pipeline.keywords.words import Sentences, TokensAtFault

__all__ = [
    "LONGEST",
    "MIN_LOG_LIKELIHOOD",
    "Association",
    "Collocation",
    "KeyMeasure",
    "KeyPhrase",
    "KeyWord",
    "PartEmpty",
    "Sentences",
    "TokensAtFault",
    "collocations",
    "key_phrases",
    "keyness",
]
