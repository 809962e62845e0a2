"""Where policies are kept for the next start, if anywhere: asked before anything of the keeping itself is brought in."""

from __future__ import annotations

import os
from os import path
from typing import Final

#: Where policies are kept: a folder, or ``off``. Without it, a folder of the user's cache.
SETTING: Final = "AFTERSALES_CACHE"
OFF: Final = "off"


def cache_folder() -> str | None:
    """Return the folder that policies are kept in; ``None`` where none are to be kept or nobody can say whose it is."""
    told = os.environ.get(SETTING)
    if told == OFF or not hasattr(os, "geteuid"):
        return None
    if told:
        return told
    cache, home = os.environ.get("XDG_CACHE_HOME"), os.environ.get("HOME")
    found = path.join(cache, "aftersales") if cache else path.join(home, ".cache", "aftersales") if home else ""
    return found if path.isabs(found) else None
