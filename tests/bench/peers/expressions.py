"""Expression engines: the whole policy as one expression that gives the end with its amounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import rule_engine
import zen
from cel_expr_python import cel
from cel_expr_python.ext import ext_math

from aftersales.run.function.answer import Answer
from peers.amounts import at_end
from peers.found import Facts, Peer, answer, of_answer
from peers.spelling import CEL, RULES, ZEN, Language, spell
from peers.tree import Ask, Row, Tree, whole

_KINDS: Final[Mapping[type, cel.Type]] = {bool: cel.Type.BOOL, str: cel.Type.STRING, int: cel.Type.INT}


def expressions(example: Facts) -> tuple[Peer, ...]:
    """Return the expression engines; ``example`` shows the type of every fact."""
    return _zen(), _cel(example), _rules()


def _zen() -> Peer:
    expression = zen.compile_expression(_nested(whole(), ZEN, lambda row: _given(row, ZEN, "{0}", "{0}")))
    return Peer("zen-engine, one expression", "expression", expression.evaluate, _read)


def _cel(example: Facts) -> Peer:
    environment = cel.NewEnv(
        variables={name: _KINDS[type(value)] for name, value in example.items()}, extensions=[ext_math.ExtMath()]
    )
    expression = environment.compile(_nested(whole(), CEL, lambda row: _given(row, CEL, "'{0}'", "dyn({0})")))

    def decide(facts: Facts) -> Any:
        return expression.eval(data=facts).plain_value()

    return Peer("CEL (C++), one expression", "expression", decide, _read)


def _rules() -> Peer:
    rule = rule_engine.Rule(_nested(whole(), RULES, lambda row: f"'{row.state}'"))

    def decide(facts: Facts) -> Answer:
        return at_end(rule.evaluate(facts), facts)

    return Peer("rule-engine, one expression", "expression", decide, of_answer)


def _nested(tree: Tree, language: Language, end: Callable[[Row], str]) -> str:
    if isinstance(tree, Ask):
        yes, no = (_nested(way, language, end) for way in (tree.yes, tree.no))
        return language.choice.format(spell(tree.when, language), yes, no)
    return end(tree)


def _given(row: Row, language: Language, key: str, value: str) -> str:
    """Return an end as a map in an engine's language; ``key`` and ``value`` say how it writes those."""
    borne = _map({leg: f"'{party}'" for leg, party in row.borne.items()}, key, "{0}")
    fen = _map({name: spell(text, language) for name, text in row.fen.items()}, key, "{0}")
    words = {"state": row.state, "outcome": row.outcome, "liable": row.liable}
    return _map({**{name: f"'{word}'" for name, word in words.items()}, "borne": borne, "fen": fen}, key, value)


def _map(entries: Mapping[str, str], key: str, value: str) -> str:
    return "{" + ", ".join(f"{key.format(name)}: {value.format(text)}" for name, text in entries.items()) + "}"


def _read(given: Any) -> Answer:
    return answer(given["state"], given["fen"], given)
