"""Something to order, and customers to order it: put in over the public APIs, where it is not there yet."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from contracts.money import Money
from counterstep.client import Client, ProblemError, Request
from counterstep.http.roles import Role
from shop_client import accounts, catalogue, stock

from infra.launcher import Deployment

CURRENCY = "EUR"
NOT_FOUND = 404


class Product(NamedTuple):
    """A product for the catalogue: its price in cents, and how many pieces are on the shelf."""

    sku: str
    name: str
    price: int
    on_hand: int


PRODUCTS = (
    Product("mug", "Mug", 12_00, 1_000),
    Product("notebook", "Notebook, dotted", 8_50, 800),
    Product("pencil", "Pencil, 2B", 1_20, 5_000),
    Product("lamp", "Desk lamp", 49_90, 300),
    Product("chair", "Desk chair", 189_00, 60),
    Product("desk", "Standing desk", 449_00, 25),
    Product("shelf", "Bookshelf", 129_00, 40),
    Product("plant", "Rubber plant", 24_90, 120),
    Product("rug", "Wool rug", 219_00, 20),
    Product("clock", "Wall clock", 34_50, 90),
    Product("telescope", "Telescope, the last one", 899_00, 1),
    Product("globe", "Globe, sold out", 79_00, 0),
)

CUSTOMERS = {  # what each has to spend, in cents
    "ada": 100_000_00,
    "grace": 50_000_00,
    "barbara": 2_500_00,
    "edsger": 300_00,
    "diogenes": 5_00,
}


def seed(stack: Deployment) -> None:
    """Fill what is empty and leave the rest: books that were begun are never reset. Raises UserError."""
    api = stack.api(Role.OPERATOR, "seed")
    for entry in entries():
        if not _exists(api, entry):
            api.send(entry.service, entry.put)


class Entry(NamedTuple):
    """One thing that the shop begins with: the service that keeps it, how to look for it, and how to put it in."""

    service: str
    read: Request[Any]
    put: Request[Any]


def entries() -> Iterator[Entry]:
    """Everything that the shop begins with."""
    for product in PRODUCTS:
        yield from entries_of(product)
    for customer, available in CUSTOMERS.items():
        yield Entry("payment", accounts.read(customer), accounts.put(customer, available=available))


def entries_of(product: Product) -> Iterator[Entry]:
    """A product in the catalogue, and its stock."""
    price = Money(amount=product.price, currency=CURRENCY)
    described = catalogue.Product(sku=product.sku, name=product.name, price=price)
    yield Entry("order", catalogue.read(product.sku), catalogue.put(described))
    yield Entry("inventory", stock.read(product.sku), stock.put(product.sku, on_hand=product.on_hand))


def _exists(api: Client, entry: Entry) -> bool:
    try:
        api.send(entry.service, entry.read)
    except ProblemError as problem:
        if problem.status == NOT_FOUND:
            return False
        raise
    return True
