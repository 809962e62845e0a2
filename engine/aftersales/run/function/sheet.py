"""One generated function while it is being written: its lines, and which facts its locals already hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property

from aftersales.expr.names import facts_of, params_of
from aftersales.expr.tree import Expr, Present
from aftersales.expr.types import Value
from aftersales.policy.model import Fact, Policy
from aftersales.run.function.asked import NONE, Ask, blocker, first
from aftersales.run.function.changes import binding_facts
from aftersales.run.function.texts import YES, plain


class Gone(Exception):  # noqa: N818 (no fault: see ``by_row``)
    """What has just been written leaves the function: nothing behind it in the same block is ever run."""


class Names:
    """The names that generated functions use for facts, params and constants of one policy."""

    def __init__(self, policy: Policy, fixed: Mapping[str, Value], first_constant: int = 0) -> None:
        self.policy = policy
        #: The params that have one value in every case.
        self.fixed = fixed
        self.facts: Mapping[str, int] = {name: number for number, name in enumerate(policy.facts)}
        self.params: Mapping[str, int] = {name: number for number, name in enumerate(policy.params)}
        self.constants: dict[str, object] = {}
        self._first = first_constant
        self._numbers: dict[object, str] = {}

    def constant(self, value: object, key: object = None) -> str:
        """Return the text of a value: written out, or the name of a constant; ``key`` tells two of them apart."""
        text = plain(value) if isinstance(value, str | int | None) else None
        if text is not None:
            return text
        return self.named(value, (type(value), value) if key is None else key)

    def named(self, value: object, mark: object) -> str:
        """Return the name of a constant; ``mark`` tells two of them apart."""
        if mark not in self._numbers:
            name = f"C{self._first + len(self._numbers)}"
            self._numbers[mark] = name
            self.constants[name] = value
        return self._numbers[mark]

    @cached_property
    def binding(self) -> frozenset[str]:
        """Return the facts that what is told is held against; what changes none of them need not be looked at again."""
        return binding_facts(self.policy)


class Sheet:
    """The body of a function of ``f`` (the facts told) and ``get`` (its ``get``: ``GET`` says how that is written).

    A fact is read into its local once on the way to where it is looked at; ``shown`` are the locals that stand for
    facts of which an answer does not count here.
    """

    GET = "get"

    def __init__(self, names: Names) -> None:
        self.names = names
        self.policy = names.policy
        self.lines: list[str] = []
        self.depth = 1
        self.shown: dict[str, str] = {}
        self._held: dict[str, str] = {}
        self._spares: dict[str, int] = {}

    # ── the lines ───────────────────────────────────────────────────────────────────────────────────────────────

    def put(self, *lines: str) -> None:
        """Write lines at this depth."""
        self.lines.extend(f"{' ' * self.depth}{line}" for line in lines)

    @contextmanager
    def under(self, head: str) -> Iterator[None]:
        """Write ``head`` and, below it, what the block writes; what the block reads is not known behind it."""
        self.put(f"{head}:")
        held, shown, spares = dict(self._held), dict(self.shown), dict(self._spares)
        self.depth += 1
        with suppress(Gone):
            yield
        self.depth -= 1
        self._held, self.shown, self._spares = held, shown, spares

    @contextmanager
    def only_if(self, condition: str) -> Iterator[None]:
        """Write what the block writes, below ``condition`` where that is not sure to hold."""
        if condition == YES:
            yield
        else:
            with self.under(f"if {condition}"):
                yield

    @contextmanager
    def loosely(self) -> Iterator[None]:
        """Write what is decided here whether the facts that it looks at are known or not."""
        yield

    def returned(self, function: str) -> str:
        """Return the line that goes on in another function."""
        return f"return {function}(f, {self.GET})"

    def change(self, change: str, *, binding: bool) -> None:
        """Write that what is told changes, and is looked at anew; ``binding``: it is held against itself."""
        self.put(f"f = {change}(f)")
        if self.GET == "get":
            self.put("get = f.get")
        if binding:
            self.put(f"agree(f, {self.GET})")
        self.reread()

    def reread(self) -> None:
        """Let every fact be read anew: ``f`` has changed."""
        self._held.clear()
        self.shown.clear()

    def spare(self, stem: str) -> str:
        """Return a local that nothing before it on the way here uses: a call costs less where a function has few."""
        self._spares[stem] = number = self._spares.get(stem, 0) + 1
        return f"{stem}{number}"

    # ── what texts look at ──────────────────────────────────────────────────────────────────────────────────────

    def fact(self, name: str) -> str:
        """Return the local that holds a fact."""
        return self.shown.get(name) or self._held[name]

    def param(self, name: str) -> str:
        """Return the local, or the constant, that holds a param."""
        if self.always(name):
            return self.names.constant(self.names.fixed[name])
        return self._held[f"param {name}"]

    def says(self, name: str) -> str:
        """Return the text that is true where a fact is told, as anything."""
        return f"{self.GET}({name!r}) is not None"

    def constant(self, value: object) -> str:
        """Return the text of a value that is the same in every case."""
        return self.names.constant(value)

    def may_be_none(self, name: str) -> bool:
        """Return whether the fact may be a known none."""
        return self.policy.facts[name].flag is not None

    def always(self, name: str) -> bool:
        """Return whether a param is the same known value in every case."""
        return name in self.names.fixed

    @property
    def elsewhere(self) -> str | None:
        """Return what is done where something is not known; ``None`` where such a case is decided here too."""
        return None

    def is_known(self, name: str) -> bool:  # noqa: ARG002 (see ``sure``)
        """Return whether a fact is known wherever what comes next is run."""
        return False

    def has_param(self, name: str) -> bool:
        """Return whether a param is known wherever what comes next is run."""
        return self.always(name)

    # ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, *exprs: Expr) -> None:
        """Read the facts and params of expressions into locals, where they are not there yet."""
        for expr in exprs:
            for name in facts_of(expr):
                self.read_fact(name)
            for name in params_of(expr):
                self._read_param(name)

    def read_fact(self, name: str) -> str:
        """Read one fact into its local, and return that."""
        if name in self.shown:
            return self.shown[name]
        if name not in self._held:
            local = f"v{self.names.facts[name]}"
            self._held[name] = local
            self._read_into(local, self.policy.facts[name])
        return self._held[name]

    def _read_into(self, local: str, fact: Fact) -> None:
        default = "U" if fact.flag is not None else "0" if fact.counter else None
        asked = f"{fact.name!r}, {default}" if default else f"{fact.name!r}"
        self.put(f"{local} = {self.GET}({asked})")
        if isinstance(fact.derived, Present) and self._is_told(fact.derived.fact):
            instant = self.read_fact(fact.derived.fact)
            self.put(f"if {local} is None and {instant} is not U: {local} = {instant} is not None")
        elif fact.derived is not None:
            self.put(f"if {local} is None: {local} = D{self.names.facts[fact.name]}(f, {self.GET})")

    def _is_told(self, name: str) -> bool:
        fact = self.policy.facts[name]
        return fact.flag is not None and fact.derived is None and name not in self.shown

    def _read_param(self, name: str) -> None:
        if not self.always(name) and f"param {name}" not in self._held:
            local = f"p{self.names.params[name]}"
            self._held[f"param {name}"] = local
            self.put(f"{local} = P{self.names.params[name]}(f, {self.GET})")

    def param_need(self, name: str) -> str:
        """Return the text of the fact to ask for where a param is not known."""
        return f"param_need({name!r}, f)"

    # ── what to ask for ─────────────────────────────────────────────────────────────────────────────────────────

    def base_need(self, name: str) -> str:
        """Return the text of the fact to ask for where ``name`` is not known: itself, or what it is derived from.

        What that looks at is read into locals.
        """
        fact = self.policy.facts[name]
        if fact.ask is not None or fact.derived is None:
            return repr(name)
        return first((self.blocker(fact.derived, self._base), repr(name)))

    def _base(self, name: str, *, told: bool) -> str:
        return repr(name) if told else self.base_need(name)

    def blocker(self, expr: Expr, ask: Ask | None = None) -> str:
        """Return the text of the fact to ask for so that ``expr`` becomes known, reading what that looks at."""
        self.read(expr)
        return blocker(expr, self, ask or self._base)

    def needs(self, exprs: Iterable[Expr]) -> str:
        """Return the text of the first fact to ask for so that all of ``exprs`` become known."""
        texts = [self.blocker(expr) for expr in exprs]
        return first(texts) if texts else NONE
