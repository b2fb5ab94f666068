"""Sentences, words, parts of speech and entities: underthesea's answers, with offsets in the text as printed.

The only door to underthesea. Its models are read from its wheel and run over many sentences at once; what they answer
is the same bit for bit, which `congdoan check nlp` proves.
"""

from pipeline.nlp.annotation import MAX_TAGGED_CHARACTERS, NotText, Rules, annotate, split_sentences, tag
from pipeline.nlp.answers import Tagged
from pipeline.nlp.installed import models
from pipeline.nlp.models import NotOffered, SlowModels, options_offered
from pipeline.nlp.plain import NotAligned
from pipeline.nlp.tones import Tones

__all__ = [
    "MAX_TAGGED_CHARACTERS",
    "NotAligned",
    "NotOffered",
    "NotText",
    "Rules",
    "SlowModels",
    "Tagged",
    "Tones",
    "annotate",
    "models",
    "options_offered",
    "split_sentences",
    "tag",
]
