"""What cannot be taken is answered clearly, and leaves nothing behind."""

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from counterstep.http.roles import Role
from shop import PLENTY, Shop

LINE = {"sku": "lamp", "quantity": 1}
NOBODY_S = UUID(int=7)

BAD_BODIES = {
    "not JSON": (b"{", 400),
    "no customer": ({"lines": [LINE]}, 422),
    "no lines": ({"customer_id": "ada", "lines": []}, 422),
    "a quantity of nought": ({"customer_id": "ada", "lines": [{"sku": "lamp", "quantity": 0}]}, 422),
    "a quantity in words": ({"customer_id": "ada", "lines": [{"sku": "lamp", "quantity": "two"}]}, 422),
    "the same product twice": ({"customer_id": "ada", "lines": [LINE, LINE]}, 422),
    "an unknown field": ({"customer_id": "ada", "lines": [LINE], "discount": 100}, 422),
    "an unknown product": ({"customer_id": "ada", "lines": [{"sku": "unicorn", "quantity": 1}]}, 422),
    "more than 64 KiB": ({"customer_id": "a" * 70_000, "lines": [LINE]}, 413),
}


async def orders(shop: Shop) -> Any:
    return (await shop.get("order", "/orders?limit=1"))["items"]


def assert_problem(answer: httpx2.Response, status: int) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["detail"]


@pytest.mark.parametrize(("body", "status"), BAD_BODIES.values(), ids=BAD_BODIES)
async def test_an_order_that_cannot_be_read_is_a_problem_and_nothing_is_written(
    shop: Shop, body: Any, status: int
) -> None:
    before = await orders(shop)
    content = {"content": body} if isinstance(body, bytes) else {"json": body}
    headers = {"Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
    assert_problem(await shop.call("POST", "order", "/orders", headers=headers, **content), status)
    assert await orders(shop) == before


async def test_an_order_without_a_key_is_a_problem(shop: Shop) -> None:
    assert_problem(await shop.call("POST", "order", "/orders", json={"customer_id": "ada", "lines": [LINE]}), 400)


async def test_an_order_without_a_token_is_unauthorized_and_the_answer_says_how_to_get_one(shop: Shop) -> None:
    async with httpx2.AsyncClient() as nobody:
        answer = await nobody.post(f"{shop.stack.url('order')}/orders", json={}, headers={"Idempotency-Key": "1"})
    assert_problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_a_forged_token_is_unauthorized(shop: Shop) -> None:
    answer = await shop.post_order("ada", {"lamp": 1}, headers={"Authorization": "Bearer forged"})
    assert_problem(answer, 401)


async def test_a_customer_may_not_order_for_another(shop: Shop) -> None:
    answer = await shop.post_order("ada", {"lamp": 1}, headers=shop.bearer(Role.CUSTOMER, "bob"))
    assert_problem(answer, 403)


@pytest.mark.parametrize(
    ("service", "path", "body"),
    [
        ("order", "/products/lamp", {"name": "Lamp", "price": {"amount": 1, "currency": "EUR"}}),
        ("inventory", "/stock/lamp", {"on_hand": 1}),
        ("payment", "/accounts/bob", {"available": PLENTY}),
    ],
)
async def test_a_customer_may_not_do_an_operator_s_work(
    shop: Shop, service: str, path: str, body: dict[str, Any]
) -> None:
    answer = await shop.call("PUT", service, path, json=body, headers=shop.bearer(Role.CUSTOMER, "bob"))
    assert_problem(answer, 403)


async def test_another_customer_s_order_is_not_there(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order_id = await shop.place(ada, {sku: 1})
    answer = await shop.call("GET", "order", f"/orders/{order_id}", headers=shop.bearer(Role.CUSTOMER, "bob"))
    assert_problem(answer, 404)


async def test_another_customer_s_saga_is_not_there(shop: Shop) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    path = f"/sagas/{order['saga_id']}"
    theirs = await shop.call("GET", "orchestrator", path, headers=shop.bearer(Role.CUSTOMER, "bob"))
    assert_problem(theirs, 404)
    own = await shop.call("GET", "orchestrator", path, headers=shop.bearer(Role.CUSTOMER, ada))
    assert (own.status_code, own.json()["status"], own.json()["trace_url"]) == (200, "completed", None)


@pytest.mark.parametrize(
    ("service", "path"),
    [
        ("order", f"/orders/{NOBODY_S}"),
        ("order", "/products/unicorn"),
        ("inventory", "/stock/unicorn"),
        ("payment", "/accounts/nobody"),
        ("orchestrator", f"/sagas/{NOBODY_S}"),
        ("order", "/nowhere"),
    ],
)
async def test_what_is_not_there_is_not_found(shop: Shop, service: str, path: str) -> None:
    assert_problem(await shop.call("GET", service, path), 404)
