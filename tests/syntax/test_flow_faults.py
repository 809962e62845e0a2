"""Flow files: every fault with its place, its line and its hint."""

from __future__ import annotations

import pytest

from aftersales.errors import render
from aftersales.source import Source
from aftersales.syntax.flow_shapes import FLOW_FILE
from aftersales.syntax.read import read_file
from aftersales.text import Lang

HEAD = """\
flow: demo
title: {zh: 演示, en: Demo}
start: a
states:
  a:
    title: {zh: 甲, en: A}
"""

FAULTS = {
    "titel: {zh: 乙, en: B}\nto: b": """\
demo.yaml:7:5: a state has no key titel
        titel: {zh: 乙, en: B}
        ^^^^^
  hint: did you mean title?""",
    "restart: yes\nto: b": """\
demo.yaml:7:5: a state has no key restart
        restart: yes
        ^^^^^^^""",
    "do: [soothe]": """\
demo.yaml:5:3: a state needs one of to, by, first, use, outcome
      a:
      ^""",
    "to: b\noutcome: kept": """\
demo.yaml:8:5: only one of to and outcome may stand here
        outcome: kept
        ^^^^^^^""",
    "to: {to: b, restart: yes}": """\
demo.yaml:7:26: only true or false stands here: yes
        to: {to: b, restart: yes}
                             ^^^
  hint: write true""",
    "to: {to: b, restart: off}": """\
demo.yaml:7:26: only true or false stands here: off
        to: {to: b, restart: off}
                             ^^^
  hint: write false""",
    'to: {to: b, restart: "true"}': """\
demo.yaml:7:26: only true or false stands here: true
        to: {to: b, restart: "true"}
                             ^^^^^^
  hint: write true without quotes""",
    "to: {to: b, restart: True}": """\
demo.yaml:7:26: only true or false stands here: True
        to: {to: b, restart: True}
                             ^^^^
  hint: write true""",
    "to: {to: b, restart: maybe}": """\
demo.yaml:7:26: only true or false stands here: maybe
        to: {to: b, restart: maybe}
                             ^^^^^""",
    "to: {to: b, add: {rounds: 010}}": """\
demo.yaml:7:31: not a whole number: 010
        to: {to: b, add: {rounds: 010}}
                                  ^^^
  hint: plain digits without quotes, leading zero, underscore or sign""",
    "to: {to: b, add: {rounds: 1_0}}": """\
demo.yaml:7:31: not a whole number: 1_0
        to: {to: b, add: {rounds: 1_0}}
                                  ^^^
  hint: plain digits without quotes, leading zero, underscore or sign""",
    "to: {to: b, add: {rounds: 0x10}}": """\
demo.yaml:7:31: not a whole number: 0x10
        to: {to: b, add: {rounds: 0x10}}
                                  ^^^^
  hint: plain digits without quotes, leading zero, underscore or sign""",
    "to: {to: b, take: {evidence: }}": """\
demo.yaml:7:24: nothing stands here, it should be a value
        to: {to: b, take: {evidence: }}
                           ^^^^^^^^""",
    "to: {to: b, forget: evidence}": """\
demo.yaml:7:25: this should be a list of names, not a single value
        to: {to: b, forget: evidence}
                            ^^^^^^^^
  hint: write [ ] around it""",
    "to: {to: b, forget: []}": """\
demo.yaml:7:25: the list is empty
        to: {to: b, forget: []}
                            ^^""",
    "to: [b]": """\
demo.yaml:7:9: this should be a target, not a list
        to: [b]
            ^^^""",
    "to: 第二步": """\
demo.yaml:7:9: not a name: 第二步
        to: 第二步
            ^^^^^^
  hint: a name begins with a letter and holds only letters a to z, digits and underscores""",
    "to:": """\
demo.yaml:7:5: nothing stands here, it should be a target
        to:
        ^^""",
    "to: ~": """\
demo.yaml:7:9: nothing stands here, it should be a target
        to: ~
            ^""",
    "to: {to: b, flow: c}": """\
demo.yaml:7:17: only one of to and flow may stand here
        to: {to: b, flow: c}
                    ^^^^""",
    "within: 48 hours\nlate: b\nto: b": """\
demo.yaml:7:13: not a duration such as 48h, 7d or 30m: 48 hours
        within: 48 hours
                ^^^^^^^^""",
    "within: 12:30\nlate: b\nto: b": """\
demo.yaml:7:13: not a duration such as 48h, 7d or 30m: 12:30
        within: 12:30
                ^^^^^""",
    "within: {day: 7}\nlate: b\nto: b": """\
demo.yaml:7:13: one of days, hours, by belongs here
        within: {day: 7}
                ^^^^^^^^
  hint: did you mean days?""",
    "within: {hours: 4, between: 18:00-09:00}\nlate: b\nto: b": """\
demo.yaml:7:33: the end must be later than the start: 18:00-09:00
        within: {hours: 4, between: 18:00-09:00}
                                    ^^^^^^^^^^^""",
    "within: {hours: 4, between: all day}\nlate: b\nto: b": """\
demo.yaml:7:33: not a stretch of the day such as "09:00-18:00": all day
        within: {hours: 4, between: all day}
                                    ^^^^^^^""",
    "late: b\nto: b": """\
demo.yaml:7:5: late stands only together with within
        late: b
        ^^^^""",
    "within: 7d\nno_deadline: {zh: 无, en: none}\nto: b": """\
demo.yaml:8:5: only one of within and no_deadline may stand here
        no_deadline: {zh: 无, en: none}
        ^^^^^^^^^^^""",
    "outcome: refused\nreason: {zh: 无}": """\
demo.yaml:8:5: a pair {zh: …, en: …} lacks its key en
        reason: {zh: 无}
        ^^^^^^
  hint: en: the English text""",
    'outcome: refused\nreason: {zh: "", en: x}': """\
demo.yaml:8:18: the text is empty
        reason: {zh: "", en: x}
                     ^^""",
    "outcome: refused\nreason: 无凭证": """\
demo.yaml:8:13: this should be a pair {zh: …, en: …}, not a single value
        reason: 无凭证
                ^^^^^^""",
    "by: {wants: {a: b}, evidence: {c: d}}": """\
demo.yaml:7:25: only one key may stand here
        by: {wants: {a: b}, evidence: {c: d}}
                            ^^^^^^^^""",
    "by: wants": """\
demo.yaml:7:9: this should be one fact, not a single value
        by: wants
            ^^^^^""",
    "first:\n  - otherwise: b\n  - when: x\n    to: c": """\
demo.yaml:8:7: nothing may stand behind otherwise
          - otherwise: b
          ^""",
    "first:\n  - wenn: x\n    to: c": """\
demo.yaml:8:9: one of otherwise, when belongs here
          - wenn: x
            ^
  hint: did you mean when?""",
    "first:\n  - when: x\n    fow: c": """\
demo.yaml:9:9: a branch has no key fow
            fow: c
            ^^^
  hint: did you mean flow?""",
    "first: [{when: x in (a, b), to: c}]": """\
demo.yaml:7:20: a comma inside { } or [ ] cuts this expression in two
        first: [{when: x in (a, b), to: c}]
                       ^^^^^^^^^^^
  hint: write the branch in block style, one key a line without { } (or put the expression in quotes)""",
    "until: ''\nto: b": """\
demo.yaml:7:12: the expression is empty
        until: ''
               ^^""",
    "do: [{reship: {afer: [pack]}}]\nto: b": """\
demo.yaml:7:20: an order of actions has no key afer
        do: [{reship: {afer: [pack]}}]
                       ^^^^
  hint: did you mean after?""",
    "do: soothe\nto: b": """\
demo.yaml:7:9: this should be a list of actions, not a single value
        do: soothe
            ^^^^^^""",
    "offer: {wants: [reship]}\nto: b": """\
demo.yaml:7:20: this should be options with their conditions, not a list
        offer: {wants: [reship]}
                       ^^^^^^^^""",
    "liable: {buyer: 30, rest: seller}\nto: b": """\
demo.yaml:7:21: a rate is a percentage with at most two decimals, such as 30%: 30
        liable: {buyer: 30, rest: seller}
                        ^^""",
    "postage: {return: {bourne: seller}}\nto: b": """\
demo.yaml:7:32: a rate is a percentage with at most two decimals, such as 30%: seller
        postage: {return: {bourne: seller}}
                                   ^^^^^^
  hint: did you mean borne?""",
    "postage: {return: {advanced: seller}}\nto: b": """\
demo.yaml:7:15: a leg of postage lacks its key borne
        postage: {return: {advanced: seller}}
                  ^^^^^^
  hint: borne: who bears it in the end""",
    "recover: {goods: x}\nto: b": """\
demo.yaml:7:5: a recovery lacks its key from
        recover: {goods: x}
        ^^^^^^^
  hint: from: the party that pays""",
    "recover: {from: carrier}\nto: b": """\
demo.yaml:7:5: an amount to recover is missing
        recover: {from: carrier}
        ^^^^^^^^^^^^^^^^^^^^^^^^""",
    "refund: {goods: }\nto: b": """\
demo.yaml:7:14: nothing stands here, it should be an amount
        refund: {goods: }
                 ^^^^^""",
    "refund: {}\nto: b": """\
demo.yaml:7:13: nothing stands here, it should be named amounts
        refund: {}
                ^^""",
    "exits: {a: b}\nto: b": """\
demo.yaml:7:5: exits stands only together with use
        exits: {a: b}
        ^^^^^""",
}


def shown(text: str, lang: Lang = Lang.EN) -> list[str]:
    """Return the faults of a flow file as they are shown."""
    flow, faults = read_file(Source("demo.yaml", text), FLOW_FILE)
    assert flow is None
    return [render(fault, lang) for fault in faults]


@pytest.mark.parametrize("keys", FAULTS)
def test_each_fault_is_shown_at_its_place(keys: str) -> None:
    """Exactly one fault, with the whole picture."""
    assert shown(HEAD + "".join(f"    {line}\n" for line in keys.splitlines())) == [FAULTS[keys]]


def test_all_faults_of_a_file_come_at_once_in_order() -> None:
    """Reading never stops at the first fault; the faults stand in the order of their places."""
    text = "flow: 1st\nstart: a\nstates:\n  a: {title: 甲, to: b}\n  b:\n    outcome: [x]\n"
    assert [fault.split(": ", 1)[0] for fault in shown(text)] == [
        "demo.yaml:1:1",
        "demo.yaml:1:7",
        "demo.yaml:4:14",
        "demo.yaml:6:14",
    ]


def test_a_state_needs_a_title_unless_it_uses_a_sub_flow() -> None:
    """A copied sub-flow brings its own titles."""
    text = "flow: a\ntitle: {zh: 甲, en: A}\nstart: a\nstates: {a: {to: b}, b: {use: c, exits: {d: a}}}\n"
    assert shown(text) == [
        "demo.yaml:4:10: a state lacks its key title\n    states: {a: {to: b}, b: {use: c, exits: {d: a}}}\n             ^^^^^^^^^^"
    ]


def test_messages_are_also_chinese() -> None:
    """The same faults in Chinese, with full-width punctuation."""
    keys = "titel: {zh: 乙, en: B}\nfirst:\n  - when: x\n    to: c\n    restart: yes\n"
    assert shown(HEAD + "".join(f"    {line}\n" for line in keys.splitlines()), Lang.ZH) == [
        "demo.yaml:7:5: 状态没有 titel 这个键\n        titel: {zh: 乙, en: B}\n        ^^^^^\n  提示：是不是 title？",
        "demo.yaml:11:18: 只能是 true 或 false：yes\n            restart: yes\n                     ^^^\n  提示：请写 true",
    ]
