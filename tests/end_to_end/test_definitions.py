"""Anyone can see which definitions instances are pinned to, and how many instances each has left."""

from typing import Any

from counterstep.http.roles import Role
from outages import stopped, waiting_for_payment
from shop import PLENTY, Shop
from waiting import eventually


async def definition(shop: Shop) -> Any:
    """The newest version of the order saga, as a customer reads it."""
    customer = shop.bearer(Role.CUSTOMER, "ada")
    answer = await shop.call("GET", "orchestrator", "/sagas/definitions", headers=customer)
    return next(each for each in answer.json() if (each["saga"], each["version"]) == ("place_order", 2))


async def test_a_definition_is_described_and_drawn(shop: Shop) -> None:
    seen = await definition(shop)
    assert seen["description"]["pivot"] == "capture_payment"
    assert seen["description"]["steps"]["authorize_payment"]["undo"] == "payment.void_payment.v1"
    assert seen["state_diagram"].startswith("stateDiagram-v2")
    assert seen["sequence_diagram"].startswith("sequenceDiagram")


async def test_an_instance_counts_as_left_until_it_has_ended(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        before = (await definition(shop))["runs_left"]
        await waiting_for_payment(shop, ada, sku)
        assert (await definition(shop))["runs_left"] == before + 1
    await eventually(lambda: definition(shop), until=lambda seen: seen["runs_left"] == before)
