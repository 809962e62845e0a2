"""Dataclasses with slots that cost next to nothing until the first one is made.

The standard library writes and compiles half a dozen methods for every dataclass while its module is imported; for the
hundreds that make up a policy and its decisions, that alone took half of a cold start. Here a method is written when it
is first called. Type checkers are shown the standard names, and whoever asks later finds the standard things:
``dataclasses.fields``, ``is_dataclass`` and ``replace``, ``copy`` and ``pickle`` work as ever.
"""

from __future__ import annotations

from types import CodeType, FunctionType

#: What follows is for type checkers; ``typing`` itself is not needed for that.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace
    from typing import Any

__all__ = ["dataclass", "field", "is_dataclass", "names_of", "replace"]

_NOTHING = object()


def names_of(made: object) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass, or of one that was made, in the order of their declaration."""
    names: tuple[str, ...] = made.__match_args__  # type: ignore[attr-defined]
    return names


def is_dataclass(cls: type) -> bool:
    """Return whether a class is one of these dataclasses, or below one."""
    return hasattr(cls, "__told__")


class _Field:
    """What is declared of a field besides its type."""

    __slots__ = ("default", "default_factory", "repr")

    def __init__(self, default: object, default_factory: Callable[[], object] | None, *, shown: bool) -> None:
        self.default = default
        self.default_factory = default_factory
        self.repr = shown


if not TYPE_CHECKING:

    def dataclass(*, slots: bool, frozen: bool = False, eq: bool = True) -> Callable[[type], type]:
        """Make a class a dataclass; the options mean what they mean in the standard library, ``slots`` is always on."""
        if not slots:
            message = "these dataclasses have slots"
            raise TypeError(message)
        return lambda cls: _with_slots(cls, frozen=frozen, eq=eq)

    def field(*, default_factory: Callable[[], object] | None = None, repr: bool = True) -> _Field:  # noqa: A002
        """Declare a field with a default that is made anew each time, or one that is not shown."""
        return _Field(_NOTHING, default_factory, shown=repr)

    def replace(made: Any, /, **changes: object) -> Any:
        """Return a copy of ``made`` with some fields changed."""
        for name in made.__match_args__:
            if name not in changes:
                changes[name] = getattr(made, name)
        return made.__class__(**changes)


def _with_slots(cls: type, *, frozen: bool, eq: bool) -> type:
    """Return the class with slots, and with methods that are written when they are first called."""
    annotations = cls.__annotations__
    if any("ClassVar" in str(kind) for kind in annotations.values()):
        message = f"{cls.__name__}: these dataclasses have fields and methods only"
        raise TypeError(message)
    space = dict(cls.__dict__)
    fields = {**getattr(cls, "__told__", {})}
    own = tuple(name for name in annotations if name not in fields)
    for name in annotations:
        told = space.pop(name, _NOTHING)
        fields[name] = told if isinstance(told, _Field) else _Field(told, None, shown=True)
    space.pop("__dict__", None)
    space.pop("__weakref__", None)
    space["__slots__"] = own
    space["__told__"] = fields
    space["__match_args__"] = tuple(fields)
    made: list[type] = []
    for name, method in _methods(cls.__qualname__, made, annotations, frozen=frozen, eq=eq).items():
        if name not in space or (name == "__hash__" and space[name] is None):
            space[name] = method
    made.append(type(cls)(cls.__name__, cls.__bases__, space))
    made[0].__qualname__ = cls.__qualname__
    return made[0]


def _methods(
    qualname: str, made: list[type], annotations: dict[str, object], *, frozen: bool, eq: bool
) -> dict[str, object]:
    """Return the methods of the class that will be ``made``; what a class defines itself goes before them."""
    methods: dict[str, object] = {"__init__": _on_first_call(qualname, made, "__init__", _init), "__repr__": _repr}
    for name in ("__dataclass_fields__", "__dataclass_params__"):
        methods[name] = _AsStandard(name, made, annotations, frozen=frozen, eq=eq)
    if eq:
        methods["__eq__"] = _on_first_call(qualname, made, "__eq__", _eq)
        methods["__hash__"] = _on_first_call(qualname, made, "__hash__", _hash) if frozen else None
    if frozen:
        methods |= {"__setattr__": _refuse, "__delattr__": _refuse}
        methods |= {"__getstate__": _state, "__setstate__": _put_state}
    return methods


# ── methods that are written ────────────────────────────────────────────────────────────────────────────────────────

#: The code of methods by their text, in which fields are called ``_0``, ``_1`` …: classes of one shape share it.
_CODES: dict[str, CodeType] = {}


def _on_first_call(qualname: str, made: list[type], name: str, write: Callable[[type], FunctionType]) -> object:
    """Return a method that writes the one called ``name``, puts it in its own place, and calls it."""
    written: list[FunctionType] = []

    def first_call(*given: object, **named: object) -> object:
        if not written:
            cls = made[0]
            method = write(cls)
            method.__qualname__ = f"{qualname}.{name}"
            if cls.__dict__.get(name) is first_call:
                setattr(cls, name, method)
            written.append(method)
        return written[0](*given, **named)

    return first_call


#: From this number of fields on it is quicker to have a frozen one of another class while its fields are set.
_MANY = 5


def _init(cls: type) -> FunctionType:
    fields: dict[str, _Field] = cls.__told__  # type: ignore[attr-defined]
    space: dict[str, object] = {"nothing": _NOTHING}
    defaults: list[object] = []
    given = []
    for number, (name, told) in enumerate(fields.items()):
        given.append(f"_{number}")
        if told.default_factory is not None:
            space[f"new{number}"] = told.default_factory
            defaults.append(_NOTHING)
            given[-1] = f"new{number}() if _{number} is nothing else _{number}"
        elif told.default is not _NOTHING:
            defaults.append(told.default)
        elif defaults:
            message = f"{cls.__name__}: field {name} without a default stands behind one with a default"
            raise TypeError(message)
    lines = _frozen(cls, given, space) if "__setattr__" in cls.__dict__ else _stored(given)
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    taken = ", ".join(("self", *(f"_{number}" for number in range(len(fields)))))
    code = _code("\n ".join((f"def __init__({taken}):", *(lines or ["pass"]))), cls)
    return FunctionType(code, space, "__init__", tuple(defaults))


def _stored(given: list[str]) -> list[str]:
    """Return lines that set the fields of one that may be changed."""
    return [f"self._{number} = {value}" for number, value in enumerate(given)]


def _frozen(cls: type, given: list[str], space: dict[str, object]) -> list[str]:
    """Return lines that set the fields of one that is frozen; ``space`` takes what they look at.

    Of many fields each is stored while it is of a class of the same slots that may be changed; one of a class below,
    which may have slots of its own, is left what it is.
    """
    space |= {f"set{number}": getattr(cls, name).__set__ for number, name in enumerate(names_of(cls))}
    lines = [f"set{number}(self, {value})" for number, value in enumerate(given)]
    if len(given) < _MANY or cls.__bases__ != (object,):
        return lines
    space |= {"become": object.__dict__["__class__"].__set__, "Closed": cls}
    space["Open"] = type("Open", (), {"__slots__": names_of(cls)})
    stored = ["become(self, Open)", *_stored(given), "self.__class__ = Closed"]
    return ["if self.__class__ is Closed:", *(f" {line}" for line in stored), "else:", *(f" {line}" for line in lines)]


def _eq(cls: type) -> FunctionType:
    mine, others = (_values(cls, who) for who in ("self", "other"))
    lines = (
        "def __eq__(self, other):",
        " if self is other: return True",
        f" return {mine} == {others} if other.__class__ is self.__class__ else NotImplemented",
    )
    return FunctionType(_code("\n".join(lines), cls), {}, "__eq__")


def _hash(cls: type) -> FunctionType:
    return FunctionType(_code(f"def __hash__(self): return hash({_values(cls, 'self')})", cls), {}, "__hash__")


def _values(cls: type, who: str) -> str:
    """Return the text of a tuple of all values."""
    return f"({' '.join(f'{who}._{number},' for number in range(len(names_of(cls))))})"


def _code(text: str, cls: type) -> CodeType:
    """Return the code of a method, its numbered fields called by the names that they have in ``cls``."""
    if text not in _CODES:
        whole = compile(text, "<a dataclass>", "exec")
        _CODES[text] = next(part for part in whole.co_consts if isinstance(part, CodeType))
    code = _CODES[text]
    names = {f"_{number}": name for number, name in enumerate(names_of(cls))}
    return code.replace(
        co_varnames=tuple(names.get(name, name) for name in code.co_varnames),
        co_names=tuple(names.get(name, name) for name in code.co_names),
    )


# ── methods that are the same for every class ──────────────────────────────────────────────────────────────────────


def _repr(self: object) -> str:
    fields: dict[str, _Field] = self.__told__  # type: ignore[attr-defined]
    shown = (f"{name}={getattr(self, name)!r}" for name, told in fields.items() if told.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: object, name: str, value: object = _NOTHING) -> None:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 (slow to import, and never raised by sound code)

    what = "delete" if value is _NOTHING else "assign to"
    message = f"cannot {what} field {name!r} of {type(self).__name__}"
    raise FrozenInstanceError(message)


def _state(self: object) -> list[object]:
    return [getattr(self, name) for name in names_of(self)]


def _put_state(self: object, state: list[object]) -> None:
    for name, value in zip(names_of(self), state, strict=True):
        object.__setattr__(self, name, value)


class _AsStandard:
    """What the standard library knows of a dataclass: worked out when it is first looked at."""

    __slots__ = ("annotations", "eq", "frozen", "name", "of")

    def __init__(self, name: str, of: list[type], annotations: dict[str, object], *, frozen: bool, eq: bool) -> None:
        self.name = name
        self.of = of
        self.annotations = annotations
        self.frozen = frozen
        self.eq = eq

    def __get__(self, made: object, owner: type) -> object:
        import dataclasses  # noqa: PLC0415 (slow to import)

        cls = self.of[0]
        fields: dict[str, _Field] = cls.__told__  # type: ignore[attr-defined]
        space: dict[str, object] = {"__annotations__": self.annotations, "__module__": cls.__module__}
        for name in self.annotations:
            told = fields[name]
            default = dataclasses.MISSING if told.default is _NOTHING else told.default
            factory = told.default_factory or dataclasses.MISSING
            declare: Any = dataclasses.field
            space[name] = declare(default=default, default_factory=factory, repr=told.repr)
        bases = tuple(base for base in cls.__bases__ if hasattr(base, "__told__"))
        twin: type = dataclasses.dataclass(frozen=self.frozen, eq=self.eq)(type(cls.__name__, bases, space))
        for name in ("__dataclass_fields__", "__dataclass_params__"):
            setattr(cls, name, getattr(twin, name))
        return getattr(twin, self.name)
