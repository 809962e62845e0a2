"""Faults as people and programs read them: text with place and excerpt, or one JSON object."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import IO

from aftersales.errors import Diagnostic, render
from aftersales.text import Lang


def show_faults(faults: Sequence[Diagnostic], lang: Lang, stream: IO[str], *, as_json: bool = False) -> None:
    """Write faults to ``stream``: as text in ``lang``, or with ``as_json`` as ``{"faults": [...]}`` in both languages."""
    if as_json:
        stream.write(f"{faults_json(faults)}\n")
    else:
        stream.writelines(f"{render(fault, lang)}\n" for fault in faults)


def faults_json(faults: Sequence[Diagnostic]) -> str:
    """Return faults as one JSON object, Chinese as it is."""
    return json.dumps({"faults": [fault.to_dict() for fault in faults]}, ensure_ascii=False, indent=2)
