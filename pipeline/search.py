"""Where a text stands in the corpus, whatever the case, the tone style and, if wished, the marks."""
