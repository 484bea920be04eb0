"""`uv run python -m learn.talk`."""

import sys

from .command import main

sys.exit(main())
