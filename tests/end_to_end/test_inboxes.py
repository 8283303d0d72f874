"""The inbox of a participant, and the messages that a service sends and receives, as its API shows them."""

import pytest
from counterstep.http.roles import Role
from shop import PLENTY, Shop

COMMANDS_OF_PAYMENT = {
    "authorize_payment": "payment.payment_authorized.v1",
    "capture_payment": "payment.payment_captured.v1",
}


async def test_a_saga_s_messages_are_listed_page_by_page(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 5), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    path = f"/inbox?saga_id={order['saga_id']}&limit=1"
    first = await shop.get("payment", path)
    last = await shop.get("payment", f"{path}&cursor={first['next_cursor']}")
    answers = [*first["items"], *last["items"]]
    assert {each["step"]: each["type"] for each in answers} == COMMANDS_OF_PAYMENT
    assert all(each["saga_id"] == order["saga_id"] and each["direction"] == "forward" for each in answers)
    assert last["next_cursor"] is None
    assert (await shop.get("payment", "/inbox?limit=1"))["items"][0]["saga_id"] >= order["saga_id"]


@pytest.mark.parametrize("path", ["/inbox", "/outbox/messages"])
async def test_messages_are_shown_to_those_who_may_see_all_and_to_no_customer(shop: Shop, path: str) -> None:
    for role, status in ((Role.VIEWER, 200), (Role.OPERATOR, 200), (Role.CUSTOMER, 403)):
        answer = await shop.call("GET", "payment", path, headers=shop.bearer(role, "ada"))
        assert answer.status_code == status


async def test_the_orchestrator_has_no_inbox_and_a_strange_cursor_is_refused(shop: Shop) -> None:
    assert (await shop.call("GET", "orchestrator", "/inbox")).status_code == 404
    assert (await shop.call("GET", "payment", "/inbox?cursor=4711")).status_code == 422


async def test_a_service_shows_anybody_what_it_publishes_and_consumes(shop: Shop) -> None:
    document = await shop.get("inventory", "/asyncapi")
    assert document["asyncapi"] == "3.0.0"
    assert "receive_reserve_stock" in document["operations"]
