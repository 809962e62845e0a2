"""``laws.yaml``: what is read, and that a policy needs none."""

from __future__ import annotations

from pathlib import Path

from aftersales.source import Source
from aftersales.syntax.law_shapes import LAWS_FILE
from aftersales.syntax.laws import LawSyntax
from aftersales.syntax.read import read_file, read_folder

MINIMAL = Path(__file__).parents[1] / "flows" / "good" / "minimal"
LAWS = """\
laws:
  everywhere:
    title: {zh: 甲, en: a}
    source: L25
    then: refund_goods <= goods_left
  two:
    title: {zh: 乙, en: b}
    sources: [L25, S1]
    two_cases: [severity, wants]
    scope: same_end
    if: a.severity == minor
    then: b.refund_total >= a.refund_total
  open:
    title: {zh: 丙, en: c}
    source: S1
    at: open
    if: not delivered
    then: refund_total == 0
"""


def read(text: str) -> tuple[LawSyntax, ...]:
    """Return what a file of laws says, without faults."""
    made, faults = read_file(Source("laws.yaml", text), LAWS_FILE)
    assert faults == ()
    assert made is not None
    return made


def test_laws_are_read_whole() -> None:
    """Every key, in the author's order; one source and several are the same list."""
    everywhere, two, opened = read(LAWS)
    assert [str(law.name) for law in (everywhere, two, opened)] == ["everywhere", "two", "open"]
    assert [[str(name) for name in law.sources] for law in (everywhere, two)] == [["L25"], ["L25", "S1"]]
    assert (everywhere.condition, everywhere.at, everywhere.two_cases, everywhere.scope) == (None, None, (), None)
    assert ([str(name) for name in two.two_cases], str(two.scope)) == (["severity", "wants"], "same_end")
    assert (str(opened.at), opened.condition and opened.condition.text) == ("open", "not delivered")
    assert (opened.title.text.zh, opened.then.text, opened.span.line) == ("丙", "refund_total == 0", 13)


def test_a_policy_needs_no_laws() -> None:
    """Without the file there are none."""
    syntax, faults = read_folder(MINIMAL)
    assert faults == ()
    assert syntax is not None
    assert syntax.laws == ()
