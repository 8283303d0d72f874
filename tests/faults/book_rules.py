"""Stock and money, by the same rules: confirmed means gone for good, and nothing is made, lost or left bound."""

from collections.abc import Iterator, Mapping

from faults.evidence import Book, Claim, Evidence, Order


def books_balance(evidence: Evidence) -> Iterator[str]:
    """The sums of both books, and what each order has of them."""
    for book in (evidence.stock, evidence.money):
        yield from _sums(book)
        yield from _published(book)
        yield from _entries(book)
    for order in evidence.orders.values():
        yield from _order(evidence.stock, order, order.quantities)
        yield from _order(evidence.money, order, {order.customer_id: order.total})


def _sums(book: Book) -> Iterator[str]:
    for name, put_in in book.put_in.items():
        found = book.figures.get(name)
        if found is None:
            yield f"{book.name} of {name} is missing"
            continue
        figures = (found.free, found.bound, found.gone)
        if sum(figures) != put_in:
            yield f"{book.name} of {name}: {' + '.join(map(str, figures))} is not the {put_in} that were put in"
        if min(figures) < 0:
            yield f"{book.name} of {name} is negative: {figures}"


def _published(book: Book) -> Iterator[str]:
    for name, figures in book.figures.items():
        if book.published.get(name) != figures:
            yield f"{book.name} of {name} is {figures}, and its API says {book.published.get(name)}"


def _entries(book: Book) -> Iterator[str]:
    for name, figures in book.figures.items():
        for status, figure in (("bound", figures.bound), ("gone", figures.gone)):
            claimed = sum(claim.amounts.get(name, 0) for claim in book.claims.values() if claim.status == status)
            if claimed != figure:
                yield f"{book.name} of {name}: {figure} {status}, but the orders account for {claimed}"


def _order(book: Book, order: Order, wanted: Mapping[str, int]) -> Iterator[str]:
    claim = book.claims.get(order.order_id)
    if order.status == "confirmed":
        if claim is None or claim.status != "gone":
            yield f"order {order.order_id} is confirmed, but its {book.name} is {_state(claim)}"
        elif claim.amounts != wanted:
            yield f"order {order.order_id} wants {book.name} {wanted}, but {claim.amounts} are gone"
    elif claim and claim.status != "freed":
        yield f"order {order.order_id} is {order.status}, but its {book.name} is {_state(claim)}"


def _state(claim: Claim | None) -> str:
    return claim.status if claim else "not even bound"
