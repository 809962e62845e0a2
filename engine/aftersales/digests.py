"""SHA-256 and BLAKE2b as Python carries them itself.

``hashlib`` brings in OpenSSL for the same figures: 4 MB, and more time than it takes to read a kept policy. Where a Python
has none of its own, ``hashlib`` is asked after all.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final


def _own(name: str, *modules: str) -> Any:
    """Return the algorithm ``name`` of the first of ``modules`` that there is."""
    for module in modules:
        try:
            return getattr(import_module(module), name)
        except (ImportError, AttributeError):
            continue
    raise ImportError(name)


sha256: Final = _own("sha256", "_sha2", "_sha256", "hashlib")
blake2b: Final = _own("blake2b", "_blake2", "hashlib")
