"""Products and customers of the load's own, so that it uses up nothing that others need."""

from collections import Counter
from collections.abc import Iterable

from counterstep.client import Client
from shop_client import accounts

from infra.demo import Product, entries_of
from infra.load.planning import DEAREST, PENNILESS, SOLD_OUT, Planned, customers, products

PLENTY = 10**9  # cents on each customer's account


def fill(client: Client, plan: Iterable[Planned]) -> None:
    """Put in exactly as much stock as the plan orders, and give the customers enough money. Raises `ApiError`."""
    wanted = Counter[str]()
    for each in plan:
        wanted.update(each.basket)
    for number, sku in enumerate((SOLD_OUT, *products())):
        on_hand = 0 if sku == SOLD_OUT else wanted[sku]
        for entry in entries_of(Product(sku, f"Load {number}", DEAREST // (number + 1), on_hand)):
            client.send(entry.service, entry.put)
    for customer in (PENNILESS, *customers()):
        available = 0 if customer == PENNILESS else PLENTY
        client.send("payment", accounts.put(customer, available=available))
