"""What the inventory API answers by itself, before any database is asked."""

from collections.abc import AsyncIterator

import pytest
from counterstep.testing import Bearer, offline
from httpx2 import AsyncClient
from inventory.api import router
from inventory.handlers import inventory

ADA = Bearer("ada", "customer")
OPERATOR = Bearer("root", "operator")


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with offline(inventory, router) as client:
        yield client


async def test_stock_is_not_read_without_a_token(client: AsyncClient) -> None:
    assert (await client.get("/stock/lamp")).status_code == 401


async def test_a_customer_does_not_count_stock(client: AsyncClient) -> None:
    assert (await client.put("/stock/lamp", json={"on_hand": 1}, auth=ADA)).status_code == 403


@pytest.mark.parametrize("body", [{}, {"on_hand": -1}, {"on_hand": 1.5}, {"on_hand": 1, "sold": 1}])
async def test_an_impossible_figure_is_refused(client: AsyncClient, body: object) -> None:
    assert (await client.put("/stock/lamp", json=body, auth=OPERATOR)).status_code == 422


async def test_an_impossible_sku_is_refused(client: AsyncClient) -> None:
    assert (await client.put("/stock/LAMP!", json={"on_hand": 1}, auth=OPERATOR)).status_code == 422


async def test_a_wrong_method_is_refused_with_all_that_the_address_takes(client: AsyncClient) -> None:
    answer = await client.delete("/stock/lamp", auth=OPERATOR)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PUT")
