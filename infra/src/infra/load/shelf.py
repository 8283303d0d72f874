"""Products and customers of the load's own, so that it spoils no one else's."""

from collections import Counter
from collections.abc import Iterable

from infra.client.public_api import PublicApi
from infra.demo.seed import CURRENCY, Product
from infra.load.plan import DEAREST, PENNILESS, SOLD_OUT, Planned, customers, products

PLENTY = 10**9  # cents on each customer's account


def fill(urls: dict[str, str], api: PublicApi, plan: Iterable[Planned]) -> None:
    """Set out exactly as much as is going to be ordered, and give the customers enough. Raises Failure."""
    wanted = Counter[str]()
    for each in plan:
        wanted.update(each.basket)
    for number, sku in enumerate((SOLD_OUT, *products())):
        on_hand = 0 if sku == SOLD_OUT else wanted[sku]
        product = Product(sku, f"Load {number}", DEAREST // (number + 1), on_hand)
        _put(urls, api, product)
    for customer in (PENNILESS, *customers()):
        available = 0 if customer == PENNILESS else PLENTY
        api.put(f"{urls['payment']}/accounts/{customer}", {"available": available})


def _put(urls: dict[str, str], api: PublicApi, product: Product) -> None:
    price = {"amount": product.price, "currency": CURRENCY}
    api.put(f"{urls['order']}/products/{product.sku}", {"name": product.name, "price": price})
    api.put(f"{urls['inventory']}/stock/{product.sku}", {"on_hand": product.on_hand})
