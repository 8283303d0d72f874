"""What the order service announces, and what it can be asked."""

from typing import ClassVar, Never
from uuid import UUID

from counterstep import CancellationEvent, Command, Refusal, RefusalCode, Reply, StartEvent

from contracts.catalogue import CustomerId, Line
from contracts.money import Money


class OrderPlaced(StartEvent):
    """A customer's order is on disk; the saga `place_order` begins. Where a person must look first, it says so."""

    version: ClassVar[int] = 2

    order_id: UUID
    customer_id: CustomerId
    lines: tuple[Line, ...]
    total: Money
    needs_review: bool


class CancellationRequested(CancellationEvent):
    """The customer wants the order undone; the saga turns back, if it still can."""

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
    """Nobody is asked to review the order any more."""


class OrderApproved(Reply):
    """The order is confirmed."""


class OrderRejected(Reply):
    """The order is rejected, or cancelled where its customer wanted it so; why stands in it."""


class ApproveOrder(Command[OrderApproved, Never]):
    order_id: UUID


class ReviewOrder(Command[OrderReviewed, OrderDeclined]):
    order_id: UUID


class WithdrawReview(Command[ReviewWithdrawn, Never]):
    order_id: UUID


class RejectOrder(Command[OrderRejected, Never]):
    order_id: UUID
    reason: str
    cancelled: bool = False
