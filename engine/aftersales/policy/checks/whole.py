"""What only the whole policy can show, one check each, in the order in which their faults are worth reading.

The checks of params stand in ``params.py``: they run while the policy is compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from aftersales.errors import Diagnostic
from aftersales.policy.checks.actions import every_order_of_work_begins
from aftersales.policy.checks.conduct import (
    every_flow_keeps_the_rules,
    every_text_keeps_the_rules,
    whoever_faces_the_buyer_has_words,
)
from aftersales.policy.checks.ends import every_end_is_an_end, every_end_names_who_is_liable, every_leg_has_a_bearer
from aftersales.policy.checks.facts import every_local_fact_is_read
from aftersales.policy.checks.interrupts import no_guard_reads_an_interrupt
from aftersales.policy.checks.loops import (
    every_count_is_bounded,
    every_round_ends,
    only_what_is_known_is_forgotten,
)
from aftersales.policy.checks.nulls import every_none_is_guarded
from aftersales.policy.checks.offers import (
    something_is_always_offered,
    what_is_offered_is_read,
    what_is_offered_is_still_open,
)
from aftersales.policy.checks.payments import whoever_is_owed_is_paid
from aftersales.policy.checks.reach import every_state_is_reached
from aftersales.policy.checks.registers import every_list_is_filled
from aftersales.policy.checks.rest import every_rest_ends, every_silence_is_answered, until_can_come_true
from aftersales.policy.checks.tables import every_answer_leads_on, every_branch_can_be_taken
from aftersales.policy.faults import distinct
from aftersales.policy.model import Policy
from aftersales.policy.possible import Analysis, analyse

#: A question asked of a compiled policy and what can happen in it; it yields a fault for every place that fails.
Check = Callable[[Analysis], Iterable[Diagnostic]]

CHECKS: Final[tuple[Check, ...]] = (
    every_local_fact_is_read,
    every_none_is_guarded,
    every_order_of_work_begins,
    every_list_is_filled,
    every_text_keeps_the_rules,
    every_flow_keeps_the_rules,
    whoever_faces_the_buyer_has_words,
    every_state_is_reached,
    every_answer_leads_on,
    every_branch_can_be_taken,
    something_is_always_offered,
    what_is_offered_is_read,
    what_is_offered_is_still_open,
    until_can_come_true,
    every_rest_ends,
    every_silence_is_answered,
    only_what_is_known_is_forgotten,
    every_count_is_bounded,
    every_round_ends,
    no_guard_reads_an_interrupt,
    every_end_is_an_end,
    every_end_names_who_is_liable,
    every_leg_has_a_bearer,
    whoever_is_owed_is_paid,
)


def check(policy: Policy) -> tuple[Diagnostic, ...]:
    """Return every fault that the checks find, in order of place, each once."""
    analysis = analyse(policy)
    return distinct(fault for ask in CHECKS for fault in ask(analysis))
