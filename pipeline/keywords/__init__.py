"""Words of the corpus: key phrases, collocations and keyness, counted in one bounded pass after another."""
