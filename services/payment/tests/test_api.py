"""What the payment API answers by itself, before any database is asked."""

from collections.abc import AsyncIterator

import pytest
from counterstep.testing import Bearer, offline
from httpx2 import AsyncClient
from payment.api import router
from payment.handlers import payment

ADA = Bearer("ada", "customer")
OPERATOR = Bearer("root", "operator")


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with offline(payment, router) as client:
        yield client


async def test_an_account_is_not_read_without_a_token(client: AsyncClient) -> None:
    assert (await client.get("/accounts/ada")).status_code == 401


async def test_a_customer_does_not_read_anothers_account(client: AsyncClient) -> None:
    assert (await client.get("/accounts/bob", auth=ADA)).status_code == 403


async def test_a_customer_does_not_pay_money_in(client: AsyncClient) -> None:
    assert (await client.put("/accounts/ada", json={"available": 1}, auth=ADA)).status_code == 403


@pytest.mark.parametrize("body", [{}, {"available": -1}, {"available": "1"}, {"available": 1, "held": 1}])
async def test_an_impossible_figure_is_refused(client: AsyncClient, body: object) -> None:
    assert (await client.put("/accounts/ada", json=body, auth=OPERATOR)).status_code == 422
