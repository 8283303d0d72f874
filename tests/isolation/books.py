"""One customer's money and one product's stock, kept by the services' own handlers, without broker or database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from contracts.inventory import CommitStock, ReleaseStock, ReserveStock
from contracts.order import ApproveOrder, OrderApproved, OrderRejected, RejectOrder
from contracts.payment import AuthorizePayment, CapturePayment, VoidPayment
from counterstep import Reply, Token
from counterstep.protocol.messages import FallibleCommand
from inventory.handlers import commit, release, reserve
from inventory.model import Reservation, StockItem
from payment.handlers import authorize, capture, void
from payment.model import Account, Authorization

LAMP: Final = "lamp"


class Figures(NamedTuple):
    """What everybody may read, also while sagas are under way."""

    available: int
    captured: int
    on_hand: int
    sold: int


@dataclass
class Books:
    """The rows of payment and inventory; `instead` answers a command in another way than its handler does."""

    account: Account
    stock: dict[str, StockItem]
    instead: "Answering" = field(default_factory=dict)
    authorizations: dict[UUID, Authorization] = field(default_factory=dict)
    reservations: dict[UUID, Reservation] = field(default_factory=dict)

    @property
    def figures(self) -> Figures:
        lamps = self.stock[LAMP]
        return Figures(self.account.available, self.account.captured, lamps.on_hand, lamps.sold)

    def answer(self, command: FallibleCommand) -> Reply:
        """What the participant says, and what it changes."""
        return (self.instead.get(type(command)) or HANDLERS[type(command)])(self, command)


def _now(answer: Reply | Token) -> Reply:
    """What these handlers answer, none of which defers its reply."""
    assert isinstance(answer, Reply)
    return answer


Handler: TypeAlias = Callable[[Books, Any], Reply]
Answering: TypeAlias = Mapping[type[Any], Handler]
"""Command → what answers it."""

HANDLERS: Final[Answering] = {
    ReserveStock: lambda books, command: _now(reserve(command, books.stock, books.reservations)),
    ReleaseStock: lambda books, command: _now(release(books.stock, books.reservations.get(command.order_id))),
    CommitStock: lambda books, command: _now(commit(books.stock, books.reservations[command.order_id])),
    AuthorizePayment: lambda books, command: _now(authorize(command, books.account, books.authorizations)),
    VoidPayment: lambda books, command: _now(void(books.account, books.authorizations.get(command.order_id))),
    CapturePayment: lambda books, command: _now(
        capture(command, books.account, books.authorizations.get(command.order_id))
    ),
    ApproveOrder: lambda *_: OrderApproved(),
    RejectOrder: lambda *_: OrderRejected(),
}


def books(*, money: int, lamps: int, instead: Answering | None = None) -> Books:
    """Fresh books: a customer with this much money, and a shelf with this many lamps."""
    account = Account(customer_id="ada", available=money)
    return Books(account, {LAMP: StockItem(sku=LAMP, on_hand=lamps)}, instead or {})
