"""The policy's function of records: what callers have that hold scalars, and the fastest way to an answer."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from aftersales.case.records import Records
from aftersales.run.function.written import Written

if TYPE_CHECKING:
    from collections.abc import Callable

    from aftersales.policy.model import Policy
    from aftersales.run.function.answer import Answer
    from aftersales.run.function.quick import Functions


class RecordFunction:
    """Records of one policy, and the function that answers them; threads may share it."""

    def __init__(self, policy: Policy, functions: Functions) -> None:
        self._functions = functions
        self.records = Records(policy)
        self._written = Written(policy, trail=False)

    @cached_property
    def answer(self) -> Callable[[Any], Answer]:
        """Return the function; a record of which not all is known is answered by the careful one of all cases."""
        self._written.take_records()
        self._written.give(whole=self._answer_carefully, by_machine=self._answer_carefully)
        return self._written.start_surely()

    def _answer_carefully(self, record: Any) -> Answer:
        answer: Answer = self._functions.answer_carefully(self.records.told(record))
        return answer
