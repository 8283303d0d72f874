"""The order saga on given books, step by step; and two of them in every order in which their steps can mix."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, Final
from uuid import UUID

from contracts.catalogue import Line
from contracts.money import Money
from contracts.order import OrderPlaced
from counterstep.protocol.messages import Refusal
from counterstep.protocol.naming import answers
from counterstep.saga.definition import Saga
from counterstep.saga.instance import Status
from counterstep.saga.rehearsal import Rehearsal, rehearse
from orchestrator.sagas.place_order import PLACE_ORDER

from isolation.books import LAMP, Books

PRICE: Final = 1_000
STEPS_ON_THE_BOOKS: Final = 5
"""As many as change a figure: reserve, authorize, refused, void and release; or all of an order that is paid."""


def order(number: int) -> OrderPlaced:
    """An order of one lamp."""
    lines = (Line(sku=LAMP, quantity=1),)
    return OrderPlaced(
        order_id=UUID(int=number), customer_id="ada", lines=lines, total=Money(amount=PRICE), needs_review=False
    )


class Sale:
    """One order's saga by the real engine, answered from the books; `refuse` is refused in any case."""

    def __init__(
        self, books: Books, placed: OrderPlaced, refuse: type[Any] | None = None, saga: Saga[Any] = PLACE_ORDER
    ) -> None:
        self._books = books
        self._refuse = refuse
        self.played: Rehearsal = rehearse(saga, placed, [])

    @property
    def status(self) -> Status:
        return self.played.status

    def goes_on(self) -> bool:
        """Have the oldest pending command carried out and answered; false where none is pending."""
        if not self.played.pending:
            return False
        command = next(iter(self.played.pending.values()))
        if type(command) is self._refuse:
            refusal: type[Refusal] = answers(type(command))[1]
            no = '{"code": "on_purpose", "reason": "refused on purpose"}'
            self.played.reply(refusal.model_validate_json(no))
        else:
            self.played.reply(self._books.answer(command))
        return True

    def ends(self) -> Status:
        """Go on to the end."""
        while self.goes_on():
            pass
        return self.status


def mixes() -> Iterator[Sequence[bool]]:
    """Every order in which the steps of two sagas can follow one another: whether each is the first saga's."""
    steps = range(2 * STEPS_ON_THE_BOOKS)
    for firsts in combinations(steps, STEPS_ON_THE_BOOKS):
        yield [step in firsts for step in steps]


def mix(first: Sale, second: Sale, order_of_steps: Sequence[bool]) -> None:
    """Have both go on in this order, to their ends."""
    for is_first in order_of_steps:
        (first if is_first else second).goes_on()
    first.ends()
    second.ends()
