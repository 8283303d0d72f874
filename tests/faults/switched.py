"""Faults that are switched on as an operator does it, and off at the end."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from contracts.topology import SERVICES
from shop import Shop
from waiting import eventually


@asynccontextmanager
async def switched(
    shop: Shop, services: Iterable[str], *, seconds: int = 120, **faults: Any
) -> AsyncIterator[None]:
    """Inside the block these are the faults of these services, unless they end before."""
    wanted = {"services": list(services), "faults": faults, "seconds": seconds, "reason": "a test", "seed": 1}
    (await shop.call("POST", "order", "/faults", json=wanted)).raise_for_status()
    await all_know(shop, set(services))
    try:
        yield
    finally:
        (await shop.call("DELETE", "inventory", "/faults")).raise_for_status()
        await all_know(shop, set())


async def all_know(shop: Shop, services: set[str]) -> None:
    """Within a second every process knows that faults are on for these services, and no others."""
    for service in SERVICES:
        await eventually(partial(known, shop, service), until=services.__eq__, within=1)


async def known(shop: Shop, service: str) -> set[str]:
    """For which services faults are on, as this one knows it."""
    return {each["service"] for each in (await shop.get(service, "/faults"))["on"]}
