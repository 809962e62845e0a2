"""What is made once, when it is first asked for, by whichever thread asks first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801  # reads as a decorator
    """A property that is worked out once, while its object's ``making`` lock is held, and kept in the object.

    One lock for all that belongs together: nobody sees what another thread has half made.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self.__doc__ = make, make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Keep what is made under the property's own name, where it is found before the property."""
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type) -> once[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: Any, owner: type) -> once[T] | T:
        """Make it, unless another thread has made it meanwhile."""
        if instance is None:
            return self
        with instance.making:
            if self._name not in instance.__dict__:
                instance.__dict__[self._name] = self._make(instance)
            found: T = instance.__dict__[self._name]
            return found
