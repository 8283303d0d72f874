"""Every accepted order is on disk and ends, and its saga instance ends in the same way."""

from collections.abc import Iterator

from faults.evidence import Evidence

END_OF_INSTANCE = {"confirmed": "completed", "rejected": "compensated", "cancelled": "compensated"}


def orders_end(evidence: Evidence) -> Iterator[str]:
    """Each order beside its instance."""
    for order_id in evidence.scope.accepted:
        if order_id not in evidence.orders:
            yield f"order {order_id} was accepted, but is not on disk"
    for order in evidence.orders.values():
        instance = evidence.instances.get(order.saga_id)
        ended_as = instance.status if instance else "never begun"
        if (wanted := END_OF_INSTANCE.get(order.status)) is None:
            yield f"order {order.order_id} is {order.status}, its instance {ended_as}"
        elif ended_as != wanted:
            yield f"order {order.order_id} is {order.status}, but its instance is {ended_as}"
        published = evidence.published_status.get(order.order_id)
        if published != order.status:
            yield f"order {order.order_id} is {order.status}, and its API says {published}"
