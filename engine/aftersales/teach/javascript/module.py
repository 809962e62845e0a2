"""The JavaScript text: the policy's tables, and behind them the fixed engine that runs on them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Final

from aftersales.policy.model import Policy
from aftersales.teach.javascript.tables import policy_tables

#: The parts of the engine, in the order in which they build on each other.
_PARTS: Final = (
    "values",
    "calendar",
    "expressions",
    "view",
    "standing",
    "walk",
    "settlement",
    "speech",
    "conduct",
    "report",
    "read",
)
_EXPORTS: Final = ("Fault", "POLICY", "decide")


def engine_text(policy: Policy) -> str:
    """Return a script that decides cases under ``policy``: ``decide(case)`` gives the documented JSON or throws a Fault.

    Cases are documented JSON without an order record, each event with an instant of its own. The same policy gives
    the same text. Raises PolicyError for a policy that the page could decide otherwise than the engine.
    """
    runtime = files("aftersales.teach.javascript") / "runtime"
    parts = [(runtime / f"{name}.js").read_text(encoding="utf-8") for name in _PARTS]
    return "\n".join([f"const POLICY = {script_json(policy_tables(policy))};\n", *parts])


def compile_module(policy: Policy) -> str:
    """Return ``engine_text`` as one ES module that exports ``decide``, ``Fault`` and ``POLICY``."""
    return f"{engine_text(policy)}\nexport {{ {', '.join(_EXPORTS)} }};\n"


def script_json(value: object) -> str:
    """Return JSON that may stand inside a ``<script>``: nothing in it can end the element."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
