"""What the order service answers to each command."""

from contracts.order import ApproveOrder, OrderApproved, OrderRejected, RejectOrder
from messaging import Participant

from order.model import Order

order = Participant("order")


@order.handles(ApproveOrder)
def approve(command: ApproveOrder, order: Order) -> OrderApproved:  # noqa: ARG001 - the platform finds the row by it
    """Confirm the order."""
    order.confirm()
    return OrderApproved()


@order.handles(RejectOrder)
def reject(command: RejectOrder, order: Order) -> OrderRejected:
    """Reject the order, with the reason that its customer will read."""
    order.reject(command.reason)
    return OrderRejected()
