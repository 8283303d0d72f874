"""The events that the order service publishes, and the commands that it handles."""

from typing import ClassVar, Never
from uuid import UUID

from counterstep import Command, Refusal, RefusalCode, Reply, StartEvent
from counterstep.protocol import CancellationEvent

from contracts.catalogue import CustomerId, Line
from contracts.money import Money


class OrderPlaced(StartEvent):
    """An order is on disk; the saga `place_order` begins. The event says whether a person must review it first."""

    version: ClassVar[int] = 2

    order_id: UUID
    customer_id: CustomerId
    lines: tuple[Line, ...]
    total: Money
    needs_review: bool


class CancellationRequested(CancellationEvent):
    """The customer cancels the order; the saga rolls back, if it still can."""

    order_id: UUID


class OrderReviewed(Reply):
    """The order may go on: it needed no review, or a person has approved it."""


class OrderDeclinedCode(RefusalCode):
    """Why a reviewed order does not go on."""

    REJECTED_BY_REVIEWER = "rejected_by_reviewer"


class OrderDeclined(Refusal):
    """A person has reviewed the order and rejected it; the reason is theirs."""

    version: ClassVar[int] = 2

    code: OrderDeclinedCode


class ReviewWithdrawn(Reply):
    """The order needs no review any more."""


class OrderApproved(Reply):
    """The order is confirmed."""


class OrderRejected(Reply):
    """The order is rejected, or cancelled if its customer wanted that; the reply contains the reason."""


class ApproveOrder(Command[OrderApproved, Never]):
    order_id: UUID


class ReviewOrder(Command[OrderReviewed, OrderDeclined]):
    order_id: UUID


class WithdrawReview(Command[ReviewWithdrawn, Never]):
    order_id: UUID


class RejectOrder(Command[OrderRejected, Never]):
    """Reject the order. `reason` is for its customer; `code` is that of the refusal, if one was the cause."""

    version: ClassVar[int] = 2

    order_id: UUID
    reason: str
    code: str | None
    cancelled: bool = False
