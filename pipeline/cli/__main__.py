"""`python -m pipeline.cli` is `congdoan`."""

import sys

from pipeline.cli import main

sys.exit(main())
