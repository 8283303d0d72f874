"""Something to order, and customers to order it: put in over the public APIs, where it is not there yet."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from counterstep.http.roles import Role

from infra.launcher.deployment import Deployment

CURRENCY = "EUR"


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
    """Fill what is empty and leave the rest: books that were begun are never reset. Raises Failure."""
    api = stack.api(Role.OPERATOR, "seed")
    for url, body in entries(stack):
        if api.get(url) is None:
            api.put(url, body)


def entries(stack: Deployment) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the shop begins with: where each is put, and what."""
    for product in PRODUCTS:
        price = {"amount": product.price, "currency": CURRENCY}
        yield f"{stack.url('order')}/products/{product.sku}", {"name": product.name, "price": price}
        yield f"{stack.url('inventory')}/stock/{product.sku}", {"on_hand": product.on_hand}
    for customer, available in CUSTOMERS.items():
        yield f"{stack.url('payment')}/accounts/{customer}", {"available": available}
