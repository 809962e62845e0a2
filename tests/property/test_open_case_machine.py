"""An open case under everything that happens to one: told, done, waited for, corrected, killed, repeated, reordered."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, precondition, rule, run_state_machine_as_test

import aftersales
from aftersales import AmountError, CaseError, Decision, LoadedPolicy, NotOwedError, TooLateError
from case_keeper import CaseKeeper, deliver, free_to_do, in_fen, ledger, parts_of, refusal, said, ways
from strategies import INTERRUPTS, OPENED, open_value, value_of

PAUSES = st.sampled_from([dt.timedelta(days=days) for days in (0, 0, 0, 0.01, 0.2, 1, 2.5, 9)])
#: What is done at the instant of an override or a correction counts as done before it.
SECOND = dt.timedelta(seconds=1)
#: An order that a claim may be split over.
ORDER = {
    "id": "3301",
    "paid_at": "2026-11-01T10:00+08:00",
    "shipped_at": "2026-11-02T10:00+08:00",
    "cash_on_delivery": False,
    "postage_paid": "10.00",
    "lines": [{"sku": "CUP", "quantity": 3, "paid": "90.01"}, {"sku": "LAMP", "quantity": 1, "paid": "60.00"}],
}
#: What is known of the money where there is no order.
AMOUNTS = {"goods_paid": "59.00", "claimed_paid": "59.00", "already_refunded": "9.01", "postage_claimed": "6.00"}


class OpenCaseMachine(CaseKeeper):
    """One open case under one policy."""

    #: Looking ahead takes a second under a large policy.
    looks_ahead: ClassVar[bool]

    snapshots = Bundle("snapshots")

    @initialize(data=st.data())
    def open(self, data: st.DataObject) -> None:
        """Open a case on facts alone, or on an order of several lines."""
        facts = {"issue": data.draw(st.sampled_from(self.policy.model.facts["issue"].type.values[::-1]))}
        self.case = {"claim": {"opened_at": OPENED.isoformat()}, "facts": facts}
        if data.draw(st.booleans()):
            self.case["order"] = ORDER
            self.case["claim"]["lines"] = [{"sku": "CUP", "quantity": 3}]
        else:
            facts |= AMOUNTS
        self.opened = self.policy.open(self.case)
        self.look()

    # What happens to a case

    @precondition(lambda self: self.decision.needs)
    @rule(data=st.data(), pause=PAUSES, most=st.integers(1, 4))
    def answer_what_is_asked(self, data: st.DataObject, pause: dt.timedelta, most: int) -> None:
        """Answer questions of the case, mostly with what is open there, now and then with what is not, or not yet."""
        for _ in range(most):
            part = self.draw_part(data, lambda decision: decision.needs)
            needs = self.part(part).needs
            if not needs:
                return
            need = data.draw(st.sampled_from(needs))
            fact = self.policy.model.facts[need.fact]
            answers = value_of(fact) if data.draw(st.integers(0, 9)) == 9 else open_value(fact, need.options)
            self.happens({"tell": {need.fact: data.draw(answers)}}, part, pause)

    @rule(data=st.data(), pause=PAUSES)
    def say_anything(self, data: st.DataObject, pause: dt.timedelta) -> None:
        """Tell a fact, asked or not."""
        self.happens({"tell": self.draw_fact(data)}, self.draw_part(data), pause)

    @rule(data=st.data(), pause=PAUSES)
    def interrupt(self, data: st.DataObject, pause: dt.timedelta) -> None:
        """Withdraw the claim, or let the platform step in."""
        names = sorted(INTERRUPTS & set(self.policy.model.facts))
        self.happens({"tell": {data.draw(st.sampled_from(names)): True}}, self.draw_part(data), pause)

    @rule(data=st.data(), back=PAUSES)
    def say_it_late(self, data: st.DataObject, back: dt.timedelta) -> None:
        """Deliver what was told earlier: it counts from its own instant."""
        at = max(OPENED, self.clock - back)
        self.attempt(self.stamped({"tell": self.draw_fact(data)}, self.draw_part(data), at))

    @precondition(lambda self: any(map(in_fen, self.events)))
    @rule(data=st.data())
    def say_it_too_late(self, data: st.DataObject) -> None:
        """Deliver what was told before a payment that was already made: refused."""
        paid = data.draw(st.sampled_from([event for event in self.events if in_fen(event)]))
        at = dt.datetime.fromisoformat(paid["at"]) - SECOND
        event = self.stamped({"tell": self.draw_fact(data)}, paid.get("part"), at)
        known = self.knows(event)
        assert self.attempt(event) or known

    @precondition(lambda self: any(map(free_to_do, parts_of(self.decision))))
    @rule(data=st.data(), pause=PAUSES)
    def do_what_is_owed(self, data: st.DataObject, pause: dt.timedelta) -> None:
        """Do what the decision says is owed, a payment in one piece or several: taken in, counted, remembered."""
        if not self.wait(pause + SECOND) or not any(map(free_to_do, parts_of(self.decision))):
            return
        part = self.draw_part(data, free_to_do)
        action = data.draw(st.sampled_from(free_to_do(self.part(part))))
        if self.policy.model.actions[action].pays:
            self.pay(action, part, data)
        else:
            self.do(action, part)

    def pay(self, action: str, part: int | None, data: st.DataObject) -> None:
        """Pay all, half or one fen of what is due."""
        refund = self.part(part).refund
        amount = data.draw(st.sampled_from([refund.due, (refund.due + 1) // 2, 1]))
        event = self.stamped({"done": action, "amount": f"{amount // 100}.{amount % 100:02d}"}, part, self.clock)
        if self.knows(event):
            return
        assert self.attempt(event) is None
        now = self.part(part).refund
        assert now.paid == refund.paid + amount
        assert now.due == refund.due - amount
        paid = {line.for_: line.paid for line in now.lines}
        self.paid_ids |= {line.id for line in refund.lines if paid[line.for_] > line.paid}

    def do(self, action: str, part: int | None) -> None:
        """Do what is no payment: it is not owed again unless the case goes on."""
        before = self.part(part)
        assert self.attempt(self.stamped({"done": action}, part, self.clock)) is None
        now = self.part(part)
        assert action not in {duty.action for duty in now.duties}
        assert len(now.path) > len(before.path) or action not in {todo.action for todo in now.next_actions}

    @rule(data=st.data(), more=st.sampled_from([1, 100, 1_000_000]))
    def pay_too_much(self, data: st.DataObject, more: int) -> None:
        """Pay more than is due, be it one fen: refused."""
        part = self.draw_part(data)
        if not self.wait(SECOND):
            return
        paying = sorted(name for name, action in self.policy.model.actions.items() if action.pays)
        amount = self.part(part).refund.due + more
        event = {"done": data.draw(st.sampled_from(paying)), "amount": f"{amount // 100}.{amount % 100:02d}"}
        assert isinstance(self.happens(event, part, dt.timedelta()), AmountError | NotOwedError)

    @rule(data=st.data())
    def do_what_nobody_owes(self, data: st.DataObject) -> None:
        """Report an action done that neither the state nor a duty asks for: refused."""
        part = self.draw_part(data)
        if not self.wait(SECOND):
            return
        decision = self.part(part)
        state = self.policy.model.states[f"{decision.flow}.{decision.state}"]
        owed = {todo.action for todo in state.do} | {duty.action for duty in decision.duties}
        event = {"done": data.draw(st.sampled_from(sorted(set(self.policy.model.actions) - owed)))}
        assert isinstance(self.happens(event, part, dt.timedelta()), NotOwedError)

    @rule(data=st.data(), pause=PAUSES)
    def correct(self, data: st.DataObject, pause: dt.timedelta) -> None:
        """Correct what was told before; what was paid stays paid."""
        told = {name for event in self.events for name in event.get("tell", ())} | set(self.case["facts"])
        fact = data.draw(st.sampled_from(sorted(told)))
        value = data.draw(value_of(self.policy.model.facts[fact]))
        self.happens({"correct": {fact: value}}, self.draw_part(data), pause)

    @rule(data=st.data(), pause=PAUSES)
    def override(self, data: st.DataObject, pause: dt.timedelta) -> None:
        """Let a role decide against the flow."""
        part = self.draw_part(data)
        flow = self.part(part).flow
        to = data.draw(st.sampled_from(self.policy.model.flows[flow].states)).removeprefix(f"{flow}.")
        role = min(self.policy.model.roles)
        self.happens({"override": {"to": to}, "by": role, "because": "goodwill"}, part, pause)

    @precondition(lambda self: "order" in self.case)
    @rule(data=st.data(), quantity=st.integers(1, 2))
    def split(self, data: st.DataObject, quantity: int) -> None:
        """Make a part of its own of some units: one part more and no answer lost, or refused."""
        part, before = self.draw_part(data) or 1, self.opened.to_dict()
        try:
            decision = self.opened.split(part, quantity=quantity)
        except CaseError:
            assert self.opened.to_dict() == before
            return
        assert len(parts_of(decision)) == len(parts_of(self.decision)) + 1
        self.case = cast("dict[str, Any]", self.opened.to_dict()["case"])
        self.events = self.case.pop("events")
        self.owed, self.version, self.splits = [], self.version + 1, self.splits + 1
        self.look()

    @rule(pause=PAUSES)
    def time_passes(self, pause: dt.timedelta) -> None:
        """Look again later."""
        self.wait(pause)

    @precondition(lambda self: self.decision.due is not None)
    @rule()
    def deadline_passes(self) -> None:
        """A deadline holds to its last instant; a second later it has passed."""
        due, before = self.decision.due, self.decision
        assert due is not None
        if due < self.clock or not self.see(due):
            return
        assert ways(self.decision) == ways(before)
        if not self.see(due + SECOND):
            return
        for part, now in zip(parts_of(before), parts_of(self.decision), strict=True):
            late = part.due == due and bool(self.policy.model.states[f"{part.flow}.{part.state}"].late)
            assert (len(now.path) > len(part.path)) == late

    # What must change nothing

    @rule(target=snapshots)
    def snapshot(self) -> tuple[str, int, int]:
        """Keep a snapshot as text, with how far the case had come."""
        return json.dumps(self.opened.to_dict()), len(self.events), self.splits

    @rule()
    def kill_and_resume(self) -> None:
        """Resume from a snapshot: equal in everything that can be seen; the case goes on there."""
        text = json.dumps(self.opened.to_dict())
        resumed = self.policy.resume(json.loads(text))
        assert resumed.decision == self.decision
        assert resumed.version == self.version
        assert json.dumps(resumed.to_dict()) == text
        assert not self.looks_ahead or resumed.outlook() == self.opened.outlook()
        self.opened = resumed

    @rule(data=st.data(), kept=snapshots)
    def resume_and_catch_up(self, data: st.DataObject, kept: tuple[str, int, int]) -> None:
        """Resume from an older snapshot and deliver what it missed, in any order, again and again until it is accepted.

        Where a payment came first, what is from before it is too late.
        """
        text, known, splits = kept
        if splits != self.splits:
            return
        resumed, queue = self.policy.resume(json.loads(text)), data.draw(st.permutations(self.events[known:]))
        while queue:
            answers = [(event, refusal(resumed, event)) for event in queue]
            if all(fault for _, fault in answers):
                assert any(isinstance(fault, TooLateError) for _, fault in answers)
                return
            queue = [event for event, fault in answers if fault]
        assert resumed.version == self.version
        assert resumed.advance(as_of=self.clock) == self.opened.advance(as_of=self.clock)
        self.look()

    @precondition(lambda self: self.events)
    @rule(data=st.data(), name=st.sampled_from(["its own", "none", "another"]))
    def deliver_again(self, data: st.DataObject, name: str) -> None:
        """Deliver an event again, under its id, without one or under another: nothing changes."""
        event = dict(data.draw(st.sampled_from(self.events)))
        if name == "none":
            event.pop("id", None)
        elif name == "another":
            event["id"] = "sent again"
        before = self.opened.to_dict()
        assert deliver(self.opened, event) == self.decision
        assert self.opened.to_dict() == before

    @precondition(lambda self: any("id" in event for event in self.events))
    @rule(data=st.data())
    def deliver_another_under_the_same_id(self, data: st.DataObject) -> None:
        """Deliver another event under the id of an earlier one: refused."""
        named = data.draw(st.sampled_from([event for event in self.events if "id" in event]))
        event = {**self.stamped({"tell": self.draw_fact(data)}, named.get("part"), self.clock), "id": named["id"]}
        if said(event) != said(named):
            assert isinstance(self.attempt(event), CaseError)

    @precondition(lambda self: self.events)
    @rule(data=st.data())
    def fold_in_another_order(self, data: st.DataObject) -> None:
        """Fold the same events as they might have arrived, some of them twice: the same decision."""
        again = data.draw(st.lists(st.sampled_from(self.events), max_size=3))
        arrival = data.draw(st.permutations([*self.events, *again]))
        in_time = self.policy.open(self.case | {"events": self.events})
        assert self.policy.decide(self.case | {"events": arrival}) == in_time.decision

    # What always holds

    @invariant()
    def every_event_is_a_version(self) -> None:
        """The version counts what was accepted."""
        assert self.opened.version == self.version

    @invariant()
    def sums_agree(self) -> None:
        """Lines, caps, transfers and shares agree in every part."""
        for part in parts_of(self.decision):
            check_refund(part)
            check_transfers(part)

    @invariant()
    def every_payment_counts_once(self) -> None:
        """The ledger is the sum of the payments taken in, no line above the most it was ever owed, no id asked twice."""
        books = ledger(self.opened)
        assert sum(sum(book.values()) for book in books) == sum(map(in_fen, self.events))
        for part, book, owed in zip(parts_of(self.decision), books, self.owed, strict=True):
            assert all(paid <= owed[line] for line, paid in book.items())
            assert all(line.paid == book.get(line.for_, 0) for line in part.refund.lines)
        ids = [line.id for line in self.decision.refund.lines]
        assert len(set(ids)) == len(ids)
        assert not self.paid_ids & set(ids)

    @invariant()
    def no_deadline_is_from_before(self) -> None:
        """A deadline counts from when the case came to its state."""
        for part in parts_of(self.decision):
            came = part.path[-1].at
            assert part.due is None or came is None or part.due >= came

    @invariant()
    def an_end_fixes_everything(self) -> None:
        """At an end outcome, liability and every leg are settled; before it there is no outcome.

        An override may have passed over the states that say who is liable and who bears a leg: then the end asks, or
        says that it is open.
        """
        for part in parts_of(self.decision):
            bearers = {leg.borne_by for leg in part.postage.values() if leg is not None}
            if part.status == "open":
                assert part.outcome is None
            else:
                assert part.outcome in self.policy.model.outcomes
                open_ = part.needs or any("who is liable is undecided" in warning.en for warning in part.warnings)
                assert part.liable is not None or (open_ and is_overridden(part))
                assert "undecided" not in bearers or is_overridden(part)


def is_overridden(part: Decision) -> bool:
    """Return whether somebody decided against the flow."""
    return any(step.because.startswith("override by ") for step in part.path)


def check_refund(part: Decision) -> None:
    """Hold the refund of one part to its lines and its caps."""
    refund = part.refund
    assert refund.total == sum(line.amount for line in refund.lines)
    assert refund.paid == sum(line.paid for line in refund.lines)
    assert all(line.due == max(0, line.amount - line.paid) for line in refund.lines)
    assert all(item.amount >= 0 for item in (*refund.lines, *refund.deductions, *part.charges, *part.recover))
    assert refund.maximum is None or refund.total <= refund.maximum
    assert not refund.paid_to or sum(back.amount for back in refund.paid_to) == refund.total


def check_transfers(part: Decision) -> None:
    """Hold what moves between the parties to the lines, and the shares of every leg to its amount."""
    moved = Counter[tuple[str, str]]()
    for move in part.transfers:
        assert move.amount > 0
        moved[(move.from_, move.to) if move.to != "seller" or move.from_ == "buyer" else ("others", "seller")] += (
            move.amount
        )
    legs = [leg for leg in part.postage.values() if leg is not None and leg.amount is not None]
    assert moved["seller", "buyer"] == part.refund.total
    assert moved["buyer", "seller"] == sum(item.amount for item in part.charges)
    assert moved["others", "seller"] == sum(item.amount for item in part.recover)
    assert moved["insurer", "buyer"] == sum(leg.insurer_pays for leg in legs)
    assert moved.total() == sum(move.amount for move in part.transfers)
    for leg in legs:
        assert not leg.shares or sum(leg.shares.values()) + leg.insurer_pays == leg.amount


class DeskMachine(OpenCaseMachine):
    """Cases of the test desk."""

    policy: ClassVar[LoadedPolicy] = aftersales.load(Path(__file__).parents[1] / "run" / "desk")
    looks_ahead = True


class ShippedMachine(OpenCaseMachine):
    """Cases of the shipped policy."""

    policy: ClassVar[LoadedPolicy] = aftersales.load()
    looks_ahead = False


MACHINES = [pytest.param(DeskMachine, 50, id="desk"), pytest.param(ShippedMachine, 8, id="shipped")]


@pytest.mark.parametrize(("machine", "cases"), MACHINES)
def test_an_open_case_keeps_its_laws(machine: type[OpenCaseMachine], cases: int) -> None:
    """Whatever happens to it, an open case is decided or refuses by name, loses nothing and pays nothing twice."""
    run_state_machine_as_test(machine, settings=settings(max_examples=cases, stateful_step_count=25))


@pytest.mark.slow
@pytest.mark.parametrize(("machine", "cases"), MACHINES)
def test_an_open_case_keeps_its_laws_for_long(machine: type[OpenCaseMachine], cases: int) -> None:
    """The same laws, twenty times as many cases and longer ones."""
    run_state_machine_as_test(machine, settings=settings(max_examples=20 * cases, stateful_step_count=60))
