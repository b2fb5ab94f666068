"""`python -m pipeline.cli` is `congdoan`."""

from pipeline.cli import main

main()
