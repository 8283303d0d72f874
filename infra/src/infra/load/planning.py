"""Every order of a load, made up beforehand: the same seed makes the same orders at the same moments."""

from dataclasses import dataclass
from random import Random

from shop_client.catalogue import LOAD

from infra.load.mix import Fate, Mix

PRODUCTS = 20
CUSTOMERS = 50
SOLD_OUT = f"{LOAD}sold-out"
PENNILESS = "load-penniless"
DEAREST = 50_00  # cents; none of our orders is large enough for a review by a person
MOST_LINES, MOST_PIECES = 3, 3


@dataclass(frozen=True)
class Planned:
    """An order: when it is due, in seconds since the start; what it is, and how it must end."""

    number: int
    due: float
    customer: str
    basket: dict[str, int]
    fate: Fate


def plan(*, rate: float, seconds: float, mix: Mix, seed: int) -> list[Planned]:
    """Make up the orders, in the order in which they are due.

    They come as from many customers who know nothing of one another: the moments are drawn evenly over the time,
    which is a Poisson process whose count is known.
    """
    random = Random(seed)  # noqa: S311 - not for secrets; it must be repeatable
    moments = sorted(random.uniform(0, seconds) for _ in range(max(1, round(rate * seconds))))
    return [_order(number, due, mix.draw(random), random) for number, due in enumerate(moments)]


def products() -> list[str]:
    return [f"{LOAD}{number}" for number in range(PRODUCTS)]


def customers() -> list[str]:
    return [f"load-customer-{number}" for number in range(CUSTOMERS)]


def _order(number: int, due: float, fate: Fate, random: Random) -> Planned:
    popularity = [1 / rank for rank in range(1, PRODUCTS + 1)]  # Zipf's law: a few products sell most
    skus = random.choices(products(), popularity, k=random.randint(1, MOST_LINES))
    basket = {sku: random.randint(1, MOST_PIECES) for sku in skus}
    if fate == "no_stock":
        basket[SOLD_OUT] = 1
    customer = PENNILESS if fate == "no_money" else random.choice(customers())
    return Planned(number, due, customer, basket, fate)
