"""How good the reading is: pages against what they should give, texts against hand-marked movements and figures.

`pages` scores readers (ours and other extractors) on pages with expected JSON, `gold` scores `extract` on marked
texts; what counts as found is in `fields`, `shingles` and `marks`.
"""

from pipeline.evaluate.marks import Mark, score_figures, score_movements
from pipeline.evaluate.scores import NOTHING, Score

__all__ = ["NOTHING", "Mark", "Score", "score_figures", "score_movements"]
