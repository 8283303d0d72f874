"""The messages of a saga can be read again, by every caller with the right to look."""

from counterstep.http.roles import Role
from infra.components.console import CONSOLE
from shop import PLENTY, Shop


async def test_every_message_of_an_instance_has_the_id_that_its_history_names(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 2}))
    saga = await shop.saga_ended(order["saga_id"])
    viewer = shop.bearer(Role.VIEWER, CONSOLE)
    shown = (await shop.call("GET", "orchestrator", f"/sagas/{saga['saga_id']}/messages", headers=viewer)).json()
    recorded = [row["message_id"] for row in saga["history"] if row["event"] in {"started", "asked"}]
    assert [each["message_id"] for each in shown] == recorded
    assert [each["type"] for each in shown][:2] == ["order.order_placed.v2", "inventory.reserve_stock.v1"]
    assert shown[1]["body"] == {"order_id": order["order_id"], "lines": [{"sku": sku, "quantity": 2}]}
    held = next(row for row in saga["history"] if (row["event"], row["step"]) == ("asked", "capture_payment"))
    captured = next(each for each in shown if each["message_id"] == held["message_id"])
    assert captured["body"]["authorization_id"]  # of an earlier reply


async def test_a_customer_s_orders_are_found_and_no_other_s(shop: Shop) -> None:
    sku, ada, bob = await shop.stocked("lamp", 10), await shop.customer("ada", 0), await shop.customer("bob", 0)
    placed = [await shop.place(customer, {sku: 1}) for customer in (ada, bob, ada)]
    found = await shop.get("order", f"/orders?customer_id={ada}")
    assert [each["order_id"] for each in found["items"]] == [placed[2], placed[0]]
    stranger = await shop.call(
        "GET", "order", f"/orders?customer_id={ada}", headers=shop.bearer(Role.CUSTOMER, bob)
    )
    assert stranger.json()["items"] == []


async def test_a_viewer_reads_an_order_and_cannot_cancel_it(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order_id = await shop.place(ada, {sku: 1})
    viewer = shop.bearer(Role.VIEWER, CONSOLE)
    assert (await shop.call("GET", "order", f"/orders/{order_id}", headers=viewer)).status_code == 200
    assert (await shop.call("POST", "order", f"/orders/{order_id}/cancel", headers=viewer)).status_code == 404
    assert (await shop.post_order(ada, {sku: 1}, headers=viewer)).status_code == 403
