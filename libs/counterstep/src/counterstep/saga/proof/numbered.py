"""Things by number: what is numbered once is compared and stored as an int."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Numbered(Generic[Thing]):
    """Gives each distinct thing a number, from 0; `identity` is what makes two of them the same."""

    def __init__(self, identity: Callable[[Thing], Hashable]) -> None:
        self._identity = identity
        self._numbers: dict[Hashable, int] = {}
        self._things: list[Thing] = []

    def number(self, thing: Thing) -> int:
        """The thing's number, a new one where it was never seen."""
        identity = self._identity(thing)
        if identity not in self._numbers:
            self._numbers[identity] = len(self._things)
            self._things.append(thing)
        return self._numbers[identity]

    def __getitem__(self, number: int) -> Thing:
        return self._things[number]

    def __len__(self) -> int:
        return len(self._things)
