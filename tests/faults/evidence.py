"""What the checker judges: facts as they were found, without an opinion on them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Scope:
    """The orders to judge: those of these customers for these products, and what was put in of either.

    `accepted` are orders that were answered with success; `dead_letters` are those that are meant to be there.
    """

    stocked: Mapping[str, int]
    paid_in: Mapping[str, int]
    accepted: Collection[UUID] = ()
    dead_letters: Collection[UUID] = ()


@dataclass(frozen=True)
class Order:
    """An order, with the quantity of each product and the total in minor units."""

    order_id: UUID
    saga_id: UUID
    customer_id: str
    status: str
    quantities: Mapping[str, int]
    total: int


@dataclass(frozen=True)
class Figures:
    """An account or a stock item: what is free, what is bound to an order, and what is gone for good."""

    free: int
    bound: int
    gone: int


@dataclass(frozen=True)
class Claim:
    """An authorization or a reservation: what one order has bound, freed or taken for good, by account or item."""

    order_id: UUID
    status: str
    amounts: Mapping[str, int]


@dataclass(frozen=True)
class Book:
    """Stock or money: what was put in, where it is now, what the API says of it, and whose it is."""

    name: str
    put_in: Mapping[str, int]
    figures: Mapping[str, Figures]
    published: Mapping[str, Figures]
    claims: Mapping[UUID, Claim]


@dataclass(frozen=True)
class Effect:
    """One row of a participant's inbox: what it has answered."""

    service: str
    saga_id: UUID
    step: str
    direction: str
    reply_type: str


@dataclass(frozen=True)
class HistoryEntry:
    """One row of an instance's history."""

    step: str
    direction: str
    attempt: int
    event: str


@dataclass(frozen=True)
class SagaInstance:
    """A saga instance and its history, oldest row first."""

    saga_id: UUID
    status: str
    history: tuple[HistoryEntry, ...]


@dataclass(frozen=True)
class Evidence:
    """Everything that was found. Queues: how many messages each holds, delivered or not."""

    scope: Scope
    orders: Mapping[UUID, Order]
    published_status: Mapping[UUID, str]
    stock: Book
    money: Book
    instances: Mapping[UUID, SagaInstance]
    effects: tuple[Effect, ...]
    outboxes: Mapping[str, int]
    queues: Mapping[str, int]
    dead_letters: Mapping[UUID, str]
