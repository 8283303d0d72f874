"""What the order API answers by itself, before any database is asked."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from counterstep.testing import Bearer, offline
from httpx2 import AsyncClient, Response
from order.api import router
from order.api.views import NewOrder
from order.handlers import order

ADA = Bearer("ada", "customer")
OPERATOR = Bearer("root", "operator")
LAMP = {"sku": "lamp", "quantity": 2}


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with offline(order, router) as client:
        yield client


async def place(client: AsyncClient, customer_id: str = "ada", key: str = "key", **body: Any) -> Response:
    order = {"customer_id": customer_id, "lines": [LAMP], **body}
    return await client.post("/orders", json=order, headers={"Idempotency-Key": key}, auth=ADA)


async def test_an_order_is_not_placed_without_a_token(client: AsyncClient) -> None:
    assert (await client.post("/orders", json={})).status_code == 401


async def test_a_customer_does_not_order_for_another(client: AsyncClient) -> None:
    assert (await place(client, customer_id="bob")).status_code == 403


async def test_an_order_without_an_idempotency_key_is_refused(client: AsyncClient) -> None:
    answer = await client.post("/orders", json={"customer_id": "ada", "lines": [LAMP]}, auth=ADA)
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"field": "header.idempotency-key", "detail": "is required"}]


@pytest.mark.parametrize("key", ["", "a key", "k" * 256, "k\x7f"])
async def test_a_strange_idempotency_key_is_refused(client: AsyncClient, key: str) -> None:
    assert (await place(client, key=key)).status_code == 400


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [LAMP, LAMP],
        [{"sku": f"lamp-{number}", "quantity": 1} for number in range(51)],
        [{"sku": "lamp", "quantity": 0}],
        [{"sku": "lamp", "quantity": 10_001}],
        [{"sku": "lamp", "quantity": "2"}],
        [{"sku": "LAMP!", "quantity": 1}],
        [{"sku": "lamp", "quantity": 1, "unit_price": 0}],
    ],
)
async def test_impossible_lines_are_refused(client: AsyncClient, lines: list[object]) -> None:
    assert (await place(client, lines=lines)).status_code == 422


async def test_a_product_that_stands_in_two_lines_is_explained(client: AsyncClient) -> None:
    errors = (await place(client, lines=[LAMP, LAMP])).json()["errors"]
    assert errors == [
        {"field": "body.lines", "detail": "each sku may stand in one line only; add the quantities up"}
    ]


def test_the_example_in_the_documentation_is_a_valid_order() -> None:
    documented = NewOrder.model_json_schema()["properties"]
    NewOrder.model_validate({name: field["examples"][0] for name, field in documented.items()})


async def test_a_customer_does_not_write_the_catalogue(client: AsyncClient) -> None:
    body = {"name": "Lamp", "price": {"amount": 1}}
    assert (await client.put("/products/lamp", json=body, auth=ADA)).status_code == 403


async def test_a_price_is_in_our_currency(client: AsyncClient) -> None:
    body = {"name": "Lamp", "price": {"amount": 1, "currency": "USD"}}
    answer = await client.put("/products/lamp", json=body, auth=OPERATOR)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "body.price", "detail": "prices are in EUR"}]


async def test_an_unknown_status_is_refused(client: AsyncClient) -> None:
    assert (await client.get("/orders?status=lost", auth=ADA)).status_code == 422
