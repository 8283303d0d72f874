"""Each (saga, step, direction) takes effect at most once, and exactly once where it was answered with success."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from faults.evidence import Book, Evidence

CLAIMED: Final = {
    "inventory.stock_reserved.v1": "stock",
    "payment.payment_authorized.v1": "money",
}
"""The answers that say that something was bound."""


def effects_happen_once(evidence: Evidence) -> Iterator[str]:
    """What the inboxes say was done, against what was done."""
    times = Counter((each.service, each.saga_id, each.step, each.direction) for each in evidence.effects)
    for (service, saga_id, step, direction), count in times.items():
        if count > 1:
            yield f"{service} did {step} ({direction}) of saga {saga_id} {count} times"
    for book in (evidence.stock, evidence.money):
        yield from _answers_are_true(evidence, book)


def _answers_are_true(evidence: Evidence, book: Book) -> Iterator[str]:
    order_of = {order.saga_id: order.order_id for order in evidence.orders.values()}
    answered = {
        order_of[each.saga_id]
        for each in evidence.effects
        if CLAIMED.get(each.reply_type) == book.name and each.saga_id in order_of
    }
    for order_id in answered - book.claims.keys():
        yield f"order {order_id} was answered that its {book.name} is bound, but nothing ever was"
    for order_id in (book.claims.keys() & evidence.orders.keys()) - answered:
        yield f"order {order_id} has {book.name}, but no command was ever answered so"
