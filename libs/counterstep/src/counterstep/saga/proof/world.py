"""One state of the modelled world, all in numbers, and what it takes to get from one to the next."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

INSTANCE: Final = 0
"""The place of the instance among the records; the participants' rows follow, one for each step."""


class Stalled(NamedTuple):
    """A transaction that has read a record, for a message, and not committed."""

    place: int
    read: int
    message: int


class World(NamedTuple):
    """The number of each record, a bit for each message in flight, and the transactions that have stalled."""

    records: tuple[int, ...]
    flight: int
    stalled: tuple[Stalled, ...] = ()


class Effect(NamedTuple):
    """What a transaction writes and sends."""

    record: int
    sent: int


class How(StrEnum):
    """What can become of a message."""

    HANDLED = "handled"
    STALLED = "read by a transaction that stalls"
    COMMITTED = "stalled transaction commits"
    ROLLED_BACK = "stalled transaction is rolled back"
    LEAKED = "stalled transaction is rolled back, but had sent already"


class Move(NamedTuple):
    """One transition, and the world after it."""

    how: How
    message: int
    world: World


def members(flight: int) -> Iterator[int]:
    """The numbers of the messages in flight."""
    while flight:
        lowest = flight & -flight
        yield lowest.bit_length() - 1
        flight ^= lowest


def committed(world: World, place: int, effect: Effect) -> World:
    """The world after a transaction has written and sent this."""
    records = (*world.records[:place], effect.record, *world.records[place + 1 :])
    return World(records, world.flight | effect.sent, world.stalled)
