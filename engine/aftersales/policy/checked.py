"""Which files were checked and found sound when this package was made, so that a start need not check them again.

What the checks of this package say follows from a policy's files alone. ``checked.sha256`` has the digest of the shipped
ones as they were when they passed every check (a test makes all of them again, and holds the digest to be theirs);
files that differ in anything but how lines end are others, and are checked.
"""

from __future__ import annotations

import os
from typing import Final

#: Where it is written down which files were checked.
CHECKED: Final = os.path.join(os.path.dirname(__file__), "checked.sha256")


def was_checked(digest: str) -> bool:
    """Return whether the files with a digest were checked before; where nothing can be read, none were."""
    try:
        with open(CHECKED, encoding="ascii") as checked:
            return checked.read() == f"{digest}\n"
    except (OSError, ValueError):
        return False


def write_down(digest: str) -> None:
    """Write down that the files with a digest were checked and found sound, and no others."""
    with open(CHECKED, "w", encoding="ascii") as checked:
        checked.write(f"{digest}\n")
