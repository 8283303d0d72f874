"""What the services tell, as far as pages show it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

ENDED = frozenset({"completed", "compensated"})


class Run(BaseModel, frozen=True):
    """One saga's run."""

    saga_id: UUID
    saga: str
    version: int
    key: str
    status: str
    reason: str | None
    code: str | None = None
    trace_id: str | None
    trace_url: str | None
    started_at: datetime
    ended_at: datetime | None

    @property
    def seconds(self) -> float | None:
        """How long it took, where it has ended."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else None

    @property
    def ended(self) -> bool:
        return self.status in ENDED


class Happening(BaseModel, frozen=True):
    """One row of a run's history; of what was asked, `detail` is the routing key."""

    at: datetime
    step: str
    direction: str
    attempt: int
    event: str
    message_id: UUID | None
    detail: str | None
    code: str | None = None


class Awaited(BaseModel, frozen=True):
    """An answer that is still to come, and when silence will be taken for one."""

    step: str
    direction: str
    attempt: int
    due_at: datetime | None


class Act(BaseModel, frozen=True):
    """What an operator did."""

    at: datetime
    operator: str
    act: str
    reason: str


class RunDetail(Run):
    """One run with its history."""

    awaited: tuple[Awaited, ...]
    history: tuple[Happening, ...]
    acts: tuple[Act, ...]


class Message(BaseModel, frozen=True):
    """A message's type and its body."""

    type: str
    body: dict[str, Any]


class Money(BaseModel, frozen=True):
    amount: int
    currency: str


class Line(BaseModel, frozen=True):
    sku: str
    quantity: int


class Order(BaseModel, frozen=True):
    """What a customer ordered, and what became of it."""

    order_id: UUID
    customer_id: str
    lines: tuple[Line, ...]
    total: Money
    status: str
    reason: str | None
    saga_id: UUID


class Product(BaseModel, frozen=True):
    sku: str
    name: str
    price: Money
