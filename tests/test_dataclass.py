"""Dataclasses whose methods are written when they are first called: the standard library's, to whoever uses them."""

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from aftersales.dataclass import dataclass, field, is_dataclass, names_of, replace


@dataclass(frozen=True, slots=True)
class Point:
    """A place."""

    x: int
    y: int = 0
    tags: list[str] = field(default_factory=list, repr=False)


@dataclass(frozen=True, slots=True)
class High(Point):
    """A place with a height."""

    z: int = 5


@dataclass(slots=True)
class Count:
    """Something that changes."""

    n: int

    def __repr__(self) -> str:
        return f"<{self.n}>"


@dataclasses.dataclass(frozen=True, slots=True)
class Standard:
    """A place, as the standard library has it."""

    x: int
    y: int = 0
    tags: list[str] = dataclasses.field(default_factory=list, repr=False)


def test_it_is_made_shown_and_compared_as_the_standard_one() -> None:
    """Defaults, factories, what is shown, equality and order of fields are the standard library's."""
    made, standard = Point(1, tags=["a"]), Standard(1, tags=["a"])
    others: tuple[object, ...] = (standard, 1, Point(1, 0, ["b"]))
    assert repr(made) == repr(standard).replace("Standard", "Point")
    assert made == Point(1, 0, ["a"])
    assert all(made != other for other in others)
    assert Point(1).tags is not Point(1).tags
    assert names_of(made) == names_of(Point) == ("x", "y", "tags")


def test_it_cannot_be_changed_where_it_is_frozen() -> None:
    """A frozen one refuses to set and to delete; another one is changed, and cannot be hashed."""
    made: Any = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
        made.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'x'"):
        del made.x
    count: Any = Count(1)
    count.n = 2
    assert repr(count) == "<2>"
    with pytest.raises(TypeError, match="unhashable"):
        hash(count)
    with pytest.raises(AttributeError):
        count.other = 3


def test_wrong_arguments_are_told_by_name() -> None:
    """What is missing or too much is said as Python says it."""
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'q'"):
        Point(1, q=2)  # type: ignore[call-arg]


def test_equal_ones_have_one_hash() -> None:
    """Values that are equal are one key; the hash is looked up on the class that was asked, also through a subclass."""
    assert {High(1, 2, (), 3): 1}[High(1, 2, (), 3)] == 1  # type: ignore[arg-type]
    assert len({Count.__hash__ is None, hash(High(1, 2, ())) == hash(High(1, 2, ()))}) == 1  # type: ignore[arg-type]


def test_one_below_another_has_its_fields_first() -> None:
    """Fields of the class above come first, and keep what was declared of them."""
    made = High(1, z=7)
    assert (made.x, made.y, made.tags, made.z) == (1, 0, [], 7)
    assert names_of(High) == ("x", "y", "tags", "z")
    assert High(1) != Point(1)


def test_the_standard_library_knows_it() -> None:
    """``fields``, ``replace``, ``is_dataclass``, ``asdict``, ``match``, ``copy`` and ``pickle`` work as ever."""
    made = High(1, 2, ["t"], 3)
    mine = [(each.name, each.repr) for each in dataclasses.fields(High)]
    assert mine == [("x", True), ("y", True), ("tags", False), ("z", True)]
    assert dataclasses.is_dataclass(High)
    assert is_dataclass(High)
    assert not is_dataclass(Standard)
    assert dataclasses.replace(made, y=9) == replace(made, y=9) == High(1, 9, ["t"], 3)
    assert dataclasses.asdict(made) == {"x": 1, "y": 2, "tags": ["t"], "z": 3}
    assert copy.deepcopy(made) == copy.copy(made) == pickle.loads(pickle.dumps(made)) == made  # noqa: S301
    match made:
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_what_it_cannot_be_is_refused() -> None:
    """No slots, a class variable, a field without a default behind one with a default: each is a fault."""
    with pytest.raises(TypeError, match="slots"):
        dataclass(slots=False)
    with pytest.raises(TypeError, match="fields and methods only"):
        dataclass(slots=True)(type("Odd", (), {"__annotations__": {"a": "ClassVar[int]"}}))
    odd: Any = dataclass(slots=True)(type("Odd", (), {"__annotations__": {"a": "int", "b": "int"}, "a": 1}))
    with pytest.raises(TypeError, match="field b without a default"):
        odd(1, 2)


def test_a_method_is_written_once() -> None:
    """What stands in until the first call is gone after it."""

    @dataclass(frozen=True, slots=True)
    class Fresh:
        a: int

    before = Fresh.__init__
    Fresh(1)
    after = Fresh.__init__
    Fresh(2)
    assert before is not after
    assert after is Fresh.__init__
    assert Fresh.__init__.__qualname__.endswith("Fresh.__init__")


@dataclass(frozen=True, slots=True)
class Wide:
    """Many fields, as the quicker way of setting them is for."""

    a: int
    b: int
    c: int
    d: list[int] = field(default_factory=list)
    e: int = 5


class Below(Wide):
    """One that adds nothing but a name."""

    __slots__ = ()


class Kept(Wide):
    """One that keeps something besides."""

    __slots__ = ("more",)


@pytest.mark.parametrize("cls", [Wide, Below, Kept])
def test_many_fields_are_set_and_frozen_like_few(cls: type[Wide]) -> None:
    """It is what was asked for, with its defaults, and closed as soon as it is made."""
    made = cls(1, 2, c=3)
    assert type(made) is cls
    assert repr(made).endswith("(a=1, b=2, c=3, d=[], e=5)")
    assert made == cls(1, 2, 3, [], 5)
    assert copy.copy(made) == made
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'a'"):
        setattr(made, "a", 2)  # noqa: B010 (a type checker knows better)
