"""Shows the shop at work: initial products and customers, a first order, and the four stories."""

from infra.demo.first_order import place_first_order
from infra.demo.seeding import Product, entries_of, seed
from infra.demo.stories import STORIES, check_running, run_story

__all__ = [
    "STORIES",
    "Product",
    "check_running",
    "entries_of",
    "place_first_order",
    "run_story",
    "seed",
]
