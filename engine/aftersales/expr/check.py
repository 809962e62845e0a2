"""From the untyped tree to the typed one: every name resolved, every kind fits.

A bare word is resolved by the other side of its comparison, or by what is expected where it stands; a word that fits
twice is an error (beside a choice with a value ``delivered``, a flag ``delivered`` does not fit; a choice would). What
has no kind of its own (a bare word, a 0) takes the kind of its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final
from typing import Literal as OneOfWords

from aftersales.errors import Diagnostic
from aftersales.expr.faults import Faults
from aftersales.expr.kinds import RESULTS, USAGE, Kinds, comparable, factors, is_plain, product_kind, unmultiplied
from aftersales.expr.nullable import unguarded_nullables
from aftersales.expr.parse import parse_expr
from aftersales.expr.raw import (
    Addition,
    Application,
    Belonging,
    Chain,
    Conditional,
    Junction,
    Membership,
    Multiplication,
    Name,
    Negation,
    Number,
    Operator,
    Raw,
)
from aftersales.expr.scope import Place, Scope
from aftersales.expr.tree import (
    All,
    Call,
    Choose,
    Collection,
    Compare,
    Either,
    Expr,
    Extreme,
    FactRef,
    In,
    LineRef,
    Literal,
    Not,
    Over,
    ParamRef,
    Present,
    Product,
    Sum,
)
from aftersales.expr.types import FLAG, ZEROS, Kind, Type
from aftersales.text import Text

if TYPE_CHECKING:  # only faults need its words
    from aftersales.expr.complaints import Complaints

__all__ = ["Scope", "check_expr", "read_expr", "unguarded_nullables"]

_NAMED: Final = frozenset({Kind.CHOICE, Kind.PARTY})
#: What a name may be, in the order of the scopes it is looked up in.
_SENSES: Final[tuple[tuple[Text, Callable[[Type, str], Expr]], ...]] = (
    (Text("事实", "a fact"), FactRef),
    (Text("参数", "a param"), ParamRef),
    (Text("订单行的属性", "an attribute of the order line"), LineRef),
)
_FLAGS: Final[Mapping[str, bool]] = {"true": True, "false": False}


def check_expr(
    raw: Raw, scope: Scope, expected: Type | Kind, place: Place
) -> tuple[Expr | None, tuple[Diagnostic, ...]]:
    """Resolve the names of ``raw`` in ``scope`` and check its kinds against ``expected``.

    Returns the typed tree, or ``None`` with every fault that was found. ``expected`` a choice or party type: only its
    values may come out; ``Kind.PARTY``: any party word of the scope.
    """
    faults = Faults(place)
    values = scope.parties if expected is Kind.PARTY else ()
    wanted = Type(expected, values) if isinstance(expected, Kind) else Type(expected.kind, expected.values)
    expr = _Checker(scope, faults).build(raw, wanted)
    return (None if faults else expr), faults.all


def read_expr(
    text: str, scope: Scope, expected: Type | Kind, place: Place
) -> tuple[Expr | None, tuple[Diagnostic, ...]]:
    """Read ``text`` as a typed tree: ``parse_expr``, then ``check_expr``."""
    raw, faults = parse_expr(text, place, law=bool(scope.groups), known=scope.parsed)
    return (None, faults) if raw is None else check_expr(raw, scope, expected, place)


class _Checker:
    """Builds typed nodes; ``None`` stands for one that is at fault, which is then already noted."""

    def __init__(self, scope: Scope, faults: Faults, *, on_line: bool = False) -> None:
        self._scope = scope
        self._faults = faults
        self._on_line = on_line
        self._names = (scope.facts, scope.params, *((scope.lines,) if on_line else ()))
        self._kinds = Kinds(self._names, scope.lines)

    @property
    def _say(self) -> Complaints:
        from aftersales.expr.complaints import Complaints  # noqa: PLC0415 (sound policies are loaded without)

        return Complaints(self._faults, self._scope)

    def build(self, raw: Raw, wanted: Type | None, *, compared: bool = False) -> Expr | None:
        """Return ``raw`` typed; ``compared``: it is a side of a comparison."""
        expr = self._build(raw, wanted, compared=compared)
        return expr if expr is not None and self._fits(raw, expr.type, wanted) else None

    def _build(self, raw: Raw, wanted: Type | None, *, compared: bool) -> Expr | None:
        match raw:
            case Name():
                return self._name(raw, wanted)
            case Number():
                return self._number(raw, wanted, compared=compared)
            case Negation(operand=inner):
                operand = self.build(inner, FLAG)
                return None if operand is None else Not(operand)
            case Junction():
                return self._junction(raw)
            case Chain():
                return self._chain(raw)
            case Membership():
                return self._membership(raw)
            case Belonging():
                return self._belonging(raw)
            case Addition():
                return self._sum(raw, wanted)
            case Multiplication():
                return self._product(raw, compared=compared)
            case Conditional():
                return self._choose(raw, wanted)
            case Application():
                return self._call(raw, wanted)

    def _each(self, raws: tuple[Raw, ...], wanted: Type) -> tuple[Expr, ...] | None:
        built = [self.build(raw, wanted) for raw in raws]
        whole = tuple(expr for expr in built if expr is not None)
        return whole if len(whole) == len(raws) else None

    def _fits(self, raw: Raw, found: Type, wanted: Type | None) -> bool:
        if wanted is not None and found.kind is not wanted.kind:
            self._say.wrong_kind(raw, found, wanted)
            return False
        values = wanted.values if wanted is not None else ()
        beyond = [value for value in found.values if value not in values] if values and values != found.values else ()
        if beyond:
            self._say.value_not_here(raw, beyond[0])
            return False
        return True

    def _name(self, raw: Name, wanted: Type | None) -> Expr | None:
        word = raw.word
        if word in _FLAGS:
            return Literal(FLAG, _FLAGS[word])
        named = [(*how, names[word]) for names, how in zip(self._names, _SENSES, strict=False) if word in names]
        is_value = wanted is not None and word in wanted.values
        if len(named) == 1 and not is_value:  # nearly always; whoever asked sees whether the kind fits
            return named[0][1](named[0][2], word)
        senses: list[tuple[Text, Expr]] = [(sense, make(known, word)) for sense, make, known in named]
        if wanted is not None and is_value:
            senses.append((Text("值", "a value"), Literal(Type(wanted.kind, wanted.values), word)))
        fitting = [sense for sense in senses if wanted is None or sense[1].type.kind is wanted.kind] or senses
        if len(fitting) > 1:
            self._say.fits_twice(raw, [sense for sense, _ in fitting])
        elif not fitting:
            self._say.unknown_name(raw, wanted, [name for names in self._names for name in names])
        return fitting[0][1] if len(fitting) == 1 else None

    def _number(self, raw: Number, wanted: Type | None, *, compared: bool) -> Expr | None:
        if raw.value and not (compared and wanted is not None and wanted.kind is Kind.COUNT):
            self._say.number(raw)
        elif wanted is None:
            self._say.kind_unclear(raw)
        elif wanted.kind not in ZEROS:
            self._say.not_a_number(raw, wanted)
        else:
            return Literal(Type(wanted.kind), raw.value or ZEROS[wanted.kind])
        return None

    def _junction(self, raw: Junction) -> Expr | None:
        operands = self._each(raw.operands, FLAG)
        if operands is None:
            return None
        join = All if raw.word == "and" else Either
        flat: list[Expr] = []
        for operand in operands:
            flat += operand.operands if isinstance(operand, join) else [operand]
        return join(tuple(flat))

    def _chain(self, raw: Chain) -> Expr | None:
        for middle in raw.operands[1:-1]:
            if not is_plain(middle):
                self._say.chain_not_plain(middle)
                return None
        sides = zip(raw.operands, raw.operators, raw.operands[1:], strict=False)
        pairs = [self._compare(left, op, right) for left, op, right in sides]
        whole = tuple(pair for pair in pairs if pair is not None)
        if len(whole) != len(pairs):
            return None
        return whole[0] if len(whole) == 1 else All(whole)

    def _compare(self, left: Raw, op: Operator, right: Raw) -> Expr | None:
        pair = Chain(left.start, right.end, (left, right), (op,))
        common = self._common(pair, left, right)
        if common is None:
            return None
        if common.kind is Kind.FLAG:
            self._say.flag_compared(pair)
            return None
        if common.kind in _NAMED and op not in {"==", "!="}:
            self._say.no_order(pair, common)
            return None
        one = self.build(left, common, compared=True)
        other = None if one is None and isinstance(right, Number) else self.build(right, common, compared=True)
        return None if one is None or other is None else Compare(op, one, other)

    def _common(self, pair: Raw, left: Raw, right: Raw) -> Type | None:
        """Return what both sides of a comparison must be."""
        one, other = self._kinds.of(left), self._kinds.of(right)
        if one is not None and isinstance(right, Name) and right.word in one.values:
            other = None
        elif other is not None and isinstance(left, Name) and left.word in other.values:
            one = None
        if one is None and other is None:
            self._kind_unclear(pair, (left, right))
            return None
        if one is None or other is None:
            known = other if one is None else one
            return None if known is None else Type(known.kind, known.values)
        if one.kind is not other.kind or not comparable(one, other):
            self._say.different_kinds(pair, one, other)
            return None
        return Type(one.kind, tuple(dict.fromkeys((*one.values, *other.values))))

    def _kind_unclear(self, whole: Raw, inside: tuple[Raw, ...]) -> None:
        """Say why nothing in ``whole`` tells its kind: the first word is unknown, or there are only numbers."""
        for raw in inside:
            if not isinstance(raw, Number):
                self.build(raw, None)
                return
        self._say.kind_unclear(whole)

    def _membership(self, raw: Membership) -> Expr | None:
        found = self._kinds.of(raw.operand)
        operand = self.build(raw.operand, found)
        if found is None or operand is None:
            return None
        if found.kind not in _NAMED:
            self._say.wrong_kind(raw.operand, found, Type(Kind.CHOICE))
            return None
        values: list[str] = []
        for word in raw.words:
            if word.word in values:
                self._say.named_twice(word)
            elif word.word not in found.values:
                self._say.unknown_name(word, found, ())
            elif self._name(word, found) is not None:
                values.append(word.word)
        inside = In(operand, tuple(values))
        return Not(inside) if raw.negated else inside

    def _belonging(self, raw: Belonging) -> Expr | None:
        if raw.word.word not in self._scope.groups.get(raw.group.word, ()):
            self._say.not_listed(raw.word, raw.group)
            return None
        inside = FactRef(FLAG, f"{raw.word.word} in {raw.group.word}")
        return Not(inside) if raw.negated else inside

    def _shared_kind(self, whole: Raw, inside: tuple[Raw, ...], wanted: Type | None) -> Type | None:
        """Return the kind in which ``inside`` are added up or compared for the smallest."""
        found = self._kinds.first(inside) or wanted
        if found is None:
            self._kind_unclear(whole, inside)
            return None
        if found.kind not in ZEROS:
            self._say.no_arithmetic(whole, found)
            return None
        return Type(found.kind)

    def _sum(self, raw: Addition, wanted: Type | None) -> Expr | None:
        inside = tuple(term for _, term in raw.terms)
        kind = self._shared_kind(raw, inside, wanted)
        terms = None if kind is None else self._each(inside, kind)
        if kind is None or terms is None:
            return None
        flat: list[tuple[int, Expr]] = []
        for (sign, _), term in zip(raw.terms, terms, strict=True):
            flat += [(sign * inner, part) for inner, part in term.terms] if isinstance(term, Sum) else [(sign, term)]
        return Sum(kind, tuple(flat))

    def _product(self, raw: Multiplication, *, compared: bool) -> Expr | None:
        built = [self._factor(factor) for factor in factors(raw)]
        whole = tuple(factor for factor in built if factor is not None)
        if len(whole) != len(built):
            return None
        kinds = [factor.type.kind for factor in whole]
        fault = unmultiplied(kinds, compared=compared)
        if fault is not None:
            self._say.no_product(raw, fault)
            return None
        return Product(Type(product_kind(kinds)), whole)

    def _factor(self, raw: Raw) -> Expr | None:
        if not isinstance(raw, Number):
            return self.build(raw, self._kinds.of(raw))
        if raw.value:
            self._say.number(raw)
        else:
            self._say.no_product(raw, Text("乘 0 没有意义", "a product with 0 has no meaning"))
        return None

    def _choose(self, raw: Conditional, wanted: Type | None) -> Expr | None:
        own = self._kinds.of(raw)
        kind = wanted if own is None or (wanted is not None and wanted.kind is own.kind) else own
        condition = self.build(raw.condition, FLAG)
        then, otherwise = self.build(raw.then, kind), self.build(raw.otherwise, kind)
        if condition is None or then is None or otherwise is None or kind is None:
            return None
        return Choose(Type(kind.kind, kind.values), condition, then, otherwise)

    def _call(self, raw: Application, wanted: Type | None) -> Expr | None:
        at = (raw.start, raw.name_end)
        match raw.function:
            case "min" | "max" as which:
                return self._extreme(raw, which, wanted)
            case name if name not in USAGE:
                self._say.unknown_function(at, name, USAGE)
            case name if not self._scope.derives:
                self._say.function_not_here(at, name)
            case "present":
                return self._present(raw)
            case "days_between" | "add_days" | "add_months" | "latest" as function:
                arguments = self._arguments(raw, function)
                return None if arguments is None else Call(RESULTS[function], function, arguments)
            case "every" | "some" | "total" | "how_many" as which:
                return self._over(raw, which)
        return None

    def _extreme(self, raw: Application, which: OneOfWords["min", "max"], wanted: Type | None) -> Expr | None:
        if len(raw.arguments) < 2:
            self._say.wrong_arguments(raw, which, USAGE[which])
            return None
        kind = self._shared_kind(raw, raw.arguments, wanted)
        operands = None if kind is None else self._each(raw.arguments, kind)
        return None if kind is None or operands is None else Extreme(kind, which, operands)

    def _present(self, raw: Application) -> Expr | None:
        match raw.arguments:
            case (Name() as name,) if name.word in self._scope.facts:
                return Present(name.word)
            case (Name() as name,):
                self._say.unknown_name(name, None, self._scope.facts)
            case _:
                self._say.wrong_arguments(raw, raw.function, USAGE[raw.function])
        return None

    def _arguments(self, raw: Application, function: str) -> tuple[Expr, ...] | None:
        second = Kind.COUNT if function in {"add_days", "add_months"} else Kind.INSTANT
        given = len(raw.arguments)
        if given < 2 or (given > 2 and function != "latest"):
            self._say.wrong_arguments(raw, function, USAGE[function])
            return None
        first = self.build(raw.arguments[0], Type(Kind.INSTANT))
        rest = self._each(raw.arguments[1:], Type(second))
        return None if first is None or rest is None else (first, *rest)

    def _over(self, raw: Application, which: OneOfWords["every", "some", "total", "how_many"]) -> Expr | None:
        if self._on_line:
            self._say.lines_in_lines(raw, which)
            return None
        match raw.arguments:
            case (Name(word="lines" | "claimed" as collection), inner):
                return self._each_line(which, collection, inner)
            case _:
                self._say.wrong_arguments(raw, which, USAGE[which])
                return None

    def _each_line(
        self, which: OneOfWords["every", "some", "total", "how_many"], collection: Collection, inner: Raw
    ) -> Expr | None:
        checker = _Checker(self._scope, self._faults, on_line=True)
        if which != "total":
            body = checker.build(inner, FLAG)
            return None if body is None else Over(RESULTS[which], which, collection, body)
        body = checker.build(inner, checker._kinds.of(inner))
        if body is not None and body.type.kind not in {Kind.COUNT, Kind.MONEY}:
            self._say.no_arithmetic(inner, body.type)
            return None
        return None if body is None else Over(Type(body.type.kind), which, collection, body)
