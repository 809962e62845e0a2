"""``python -m aftersales``: the command line."""

import sys

from aftersales.cli import main

sys.exit(main())
