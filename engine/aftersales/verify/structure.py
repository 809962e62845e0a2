"""What the checks of a policy folder ask, as laws with verdicts: a policy that loads has passed them all."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Final

from aftersales.errors import Diagnostic
from aftersales.policy.checks.whole import CHECKS, Check
from aftersales.policy.possible import Analysis
from aftersales.text import Text
from aftersales.verify.verdict import PROVED, Finding, Verdict

_TITLES: Final[Mapping[str, Text]] = {
    "every_local_fact_is_read": Text("流程自己的事实都有用处", "every fact of a flow is read there"),
    "every_none_is_guarded": Text("可能没有的值先看有没有", "a value that may be none is read behind its flag"),
    "every_order_of_work_begins": Text("先后顺序里总有第一步", "every order of work has a first step"),
    "every_list_is_filled": Text("每张登记表都有人登记", "every list is filled by some action"),
    "every_text_keeps_the_rules": Text("话术里没有禁止说的话", "no text says what is prohibited"),
    "every_flow_keeps_the_rules": Text("没有状态建议禁止的做法", "no state recommends prohibited conduct"),
    "whoever_faces_the_buyer_has_words": Text("面对买家的动作都有话术", "every action that faces the buyer has words"),
    "every_state_is_reached": Text("每个状态都走得到", "every state is reached"),
    "every_answer_leads_on": Text("每个回答都写了去处", "every answer has a branch"),
    "every_branch_can_be_taken": Text("没有分支被前面挡住", "no branch is shadowed"),
    "something_is_always_offered": Text("总有可选的选项", "something is always offered"),
    "what_is_offered_is_read": Text("给的选项后面都会看", "what is offered is read"),
    "what_is_offered_is_still_open": Text("给的选项还没有定", "what is offered is still open"),
    "until_can_come_true": Text("等的条件都能成立", "what is waited for can come true"),
    "every_rest_ends": Text(
        "停下来的地方都有人做、有人问、有期限或写明理由",
        "where a case rests somebody acts, is asked, and has a deadline",
    ),
    "every_silence_is_answered": Text("没人回答也有去处", "every silence leads on"),
    "only_what_is_known_is_forgotten": Text("只忘记一定知道的", "only what is surely known is forgotten"),
    "every_count_is_bounded": Text("计数不超过上限", "every count keeps to its bound"),
    "every_round_ends": Text("循环每一圈都要问新的", "every round asks something anew"),
    "no_guard_reads_an_interrupt": Text("中断的事实不用来分支", "no guard reads an interrupt"),
    "every_end_is_an_end": Text("结束就是结束", "an end leads nowhere"),
    "every_end_names_who_is_liable": Text("每个结束都写明责任方", "every end names who is liable"),
    "every_leg_has_a_bearer": Text("每段运费都有人承担", "every leg has a bearer"),
    "whoever_is_owed_is_paid": Text("该付的钱都有人去付", "whoever is owed is paid"),
}


def structure(analysis: Analysis) -> tuple[Verdict, ...]:
    """Return one verdict for each check of a compiled policy."""
    return tuple(_verdict(check, analysis) for check in CHECKS)


def _verdict(check: Check, analysis: Analysis) -> Verdict:
    started = time.perf_counter()
    finding = refuted_by(check(analysis))
    name = check.__name__
    return Verdict(name, _TITLES[name], finding, time.perf_counter() - started)


def refuted_by(faults: Iterable[Diagnostic]) -> Finding:
    """Return the finding that a check comes to: refuted by each of its faults, proved where there is none."""
    found = tuple(faults)
    return Finding("refuted", found[0].message, faults=found) if found else PROVED
