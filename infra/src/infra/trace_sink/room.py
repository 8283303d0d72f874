"""Room for the bodies of all requests together, so that many senders at once do not fill the memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from infra.trace_sink.intake import Overloaded

MOST_BYTES: Final = 32 * 1024 * 1024


class Place:
    """The part of the room that one request has taken."""

    def __init__(self, room: "Room") -> None:
        self.taken = 0
        self._room = room

    def take(self, size: int) -> None:
        """Take `size` bytes more. Raises Overloaded where they are not free."""
        if size > self._room.free:
            raise Overloaded("too many requests arrive at once")
        self._room.free -= size
        self.taken += size


class Room:
    """The bytes that are `free`."""

    def __init__(self, free: int = MOST_BYTES) -> None:
        self.free = free

    @contextmanager
    def place(self) -> Iterator[Place]:
        """A place that is given back at the end of the block."""
        place = Place(self)
        try:
            yield place
        finally:
            self.free += place.taken
