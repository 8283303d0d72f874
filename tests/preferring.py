"""Requests to the shop that wait for the end of what they begin."""

from typing import Any

from scraping import Scrape
from shop import Shop


def waiting(seconds: int) -> dict[str, Any]:
    return {"headers": {"Prefer": f"wait={seconds}"}}


async def waiters_of(shop: Shop) -> float:
    """How many requests wait in the order service."""
    return Scrape.of((await shop.call("GET", "order", "/metrics")).text).value("http_requests_waiting")
