"""The modules of the benchmarks import each other by name, as they do where they are run."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
