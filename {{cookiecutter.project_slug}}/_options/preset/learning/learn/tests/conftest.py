"""What the tests of this folder need."""

import sys
from pathlib import Path

# pytest puts no folder on the path here, and `learn` is not installed.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
