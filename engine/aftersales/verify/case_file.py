"""A found case as a worked-case file: what was told, and what the machine decides of it, in the style of ``cases/``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from aftersales.errors import CaseError
from aftersales.run.as_json import Json, decision_to_dict
from aftersales.run.parts import decide_parts
from aftersales.source import width
from aftersales.text import Text
from aftersales.verify.replay import Document, Replay
from aftersales.verify.verdict import Verdict

#: The longest line (in columns of a terminal) that stays one; a longer record is written with a line for each key.
_WIDEST: Final = 120
_INSTANT: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?([+-]\d\d:\d\d)")
#: Text that YAML reads as it stands; full-width signs mean nothing to it.
_PLAIN: Final = re.compile(r"[^\W\d](?:[\w.+/（）、，。；：！？“”·《》-]| (?=[\w（“《]))*")
_RESERVED: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off"})
#: What a written case expects of the decision as it stands there.
_EXPECTED: Final = ("flow", "state", "outcome", "liable")
_TITLE: Final = Text("反例：{}", "Counterexample: {}")


@dataclass(frozen=True, slots=True)
class FoundCase:
    """One case of a counterexample with the name and title that it has in its file."""

    name: str
    title: Text
    case: Document


def found_cases(verdict: Verdict) -> tuple[FoundCase, ...]:
    """Return the case that breaks a law, both where two do, nothing where none was found; a pair is ``_a`` and ``_b``."""
    example = verdict.finding.example
    if example is None:
        return ()
    title = Text(_TITLE.zh.format(verdict.title.zh), _TITLE.en.format(verdict.title.en))
    if example.other is None:
        return (FoundCase(verdict.law, title, example.case),)
    pair = (("a", example.case), ("b", example.other))
    return tuple(
        FoundCase(f"{verdict.law}_{side}", Text(f"{title.zh}（{side}）", f"{title.en} ({side})"), case)
        for side, case in pair
    )


def case_file(verdict: Verdict, replay: Replay) -> str:
    """Return the text of a worked-case file: the counterexample of ``verdict`` with what the law reads above it."""
    reads = verdict.finding.example.reads if verdict.finding.example is not None else ""
    read = (f"读到 reads: {' '.join(reads.split())}",) if reads else ()
    lines = (verdict.law, verdict.title.zh, verdict.title.en, *read)
    head = "".join(f"# {' '.join(line.split())}\n" for line in lines)
    return f"{head}\n{cases_text(verdict, replay)}"


def cases_text(verdict: Verdict, replay: Replay) -> str:
    """Return the counterexample of ``verdict`` as a list of worked cases, each with what the machine decides."""
    return "\n".join(_written(found, replay) for found in found_cases(verdict))


def _written(found: FoundCase, replay: Replay) -> str:
    case = {
        "name": found.name,
        "title": found.title.to_dict(),
        **found.case.to_dict(),
        "expect": _expected(found.case, replay),
    }
    lines = [line for key, value in case.items() for line in _entry(key, value, 2)]
    return "".join(f"{line}\n" for line in (f"- {lines[0].lstrip()}", *lines[1:]))


def _expected(case: Document, replay: Replay) -> Json:
    """Return what the case comes to: the decision in short, or the code of the fault that the machine stops with."""
    try:
        decision = decide_parts((replay.walk(case),))
    except CaseError as fault:
        return {"error": fault.diagnostics[0].code}
    made = decision_to_dict(decision, replay.policy)
    expected = {key: made[key] for key in _EXPECTED if made[key] is not None}
    legs = {name: leg.borne_by for name, leg in decision.postage.items() if leg is not None}
    actions = [action.action for action in decision.next_actions]
    refund = cast("Json", made["refund"])
    lines = {str(line["for"]): line["amount"] for line in cast("list[Json]", refund["lines"])}
    return {
        **expected,
        **({"postage": legs} if legs else {}),
        "refund": {"total": refund["total"], **({"lines": lines} if lines else {})},
        **({"next_actions": actions} if actions else {}),
    }


def _entry(key: str, value: object, indent: int) -> Iterator[str]:
    """Yield the lines of one key: on one line where it fits, else with a line for each part; events always so."""
    blanks = " " * indent
    line = f"{blanks}{key}: {_flow(value)}"
    fits = width(line) <= _WIDEST and key != "events"
    if fits or not isinstance(value, Mapping | list):
        yield line
    elif isinstance(value, Mapping):
        yield f"{blanks}{key}:"
        for name, part in value.items():
            yield from _entry(str(name), part, indent + 2)
    else:
        yield f"{blanks}{key}:"
        yield from (line for item in value for line in _item(item, indent + 2))


def _item(item: object, indent: int) -> Iterator[str]:
    line = f"{' ' * indent}- {_flow(item)}"
    if width(line) <= _WIDEST or not isinstance(item, Mapping):
        yield line
        return
    lines = [line for key, value in item.items() for line in _entry(str(key), value, indent + 2)]
    yield f"{' ' * indent}- {lines[0].lstrip()}"
    yield from lines[1:]


def _flow(value: object) -> str:
    """Return a value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(_flow(part) for part in value)}]"
    return _scalar(value)


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    instant = _INSTANT.fullmatch(text)
    if instant is not None:
        seconds = "" if instant[2] in (None, ":00") else instant[2]
        return f"{instant[1]}{seconds}{instant[3]}"
    plain = _PLAIN.fullmatch(text) and text.lower() not in _RESERVED
    return text if plain else json.dumps(text, ensure_ascii=False)
