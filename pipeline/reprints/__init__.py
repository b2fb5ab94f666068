"""Reprints: articles whose text is that of an earlier one, or nearly, or a good part of it, on whatever site.

Each text has a signature, made once. Pairs that share keys of theirs are candidates; each is verified on the texts
themselves. An article's answer depends on which articles there are, not on the builds that brought them.
"""

from pipeline.reprints.finding import Reprint as Reprint
from pipeline.reprints.finding import find_reprints as find_reprints
from pipeline.reprints.finding import first_of_group as first_of_group
from pipeline.reprints.finding import names_of as names_of
from pipeline.reprints.signatures import Gathered as Gathered
from pipeline.reprints.signatures import Signature as Signature
from pipeline.reprints.signatures import Signatures as Signatures
from pipeline.reprints.signatures import name_of as name_of
from pipeline.reprints.signatures import signature as signature
from pipeline.reprints.signatures import signatures as signatures
