"""The responses of the orchestrator's API that need no database."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from counterstep.http.roles import Role
from counterstep.orchestration.api import router
from counterstep.orchestration.orchestrator import Orchestrator
from counterstep.service.testing import Bearer, offline
from httpx2 import AsyncClient
from travel.sagas import SAGAS
from travel.topology import TRAVEL

OPERATOR = Bearer("root", Role.OPERATOR)
CUSTOMER = Bearer("ada", Role.CUSTOMER)
VIEWER = Bearer("console", Role.VIEWER)
NO_SAGA = UUID(int=7)
ACTS = [f"/sagas/{NO_SAGA}/retry", f"/sagas/{NO_SAGA}/compensate", "/sagas/retry"]


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    async with offline(Orchestrator(SAGAS, TRAVEL), router) as client:
        yield client


@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": " \n"}, {"reason": "a\0b"}, {"reason": "a" * 501}]
)
@pytest.mark.parametrize("path", ACTS)
async def test_every_act_needs_a_reason_of_one_line(client: AsyncClient, path: str, body: dict[str, str]) -> None:
    answer = await client.post(path, json=body, auth=OPERATOR)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.reason")


@pytest.mark.parametrize("caller", [CUSTOMER, VIEWER], ids=["a customer", "a viewer"])
@pytest.mark.parametrize("path", ACTS)
async def test_only_an_operator_may_act(client: AsyncClient, path: str, caller: Bearer) -> None:
    assert (await client.post(path, json={"reason": "why"}, auth=caller)).status_code == 403


@pytest.mark.parametrize("path", ["/sagas", "/sagas/acts", f"/sagas/{NO_SAGA}/messages"])
async def test_a_customer_cannot_list_instances(client: AsyncClient, path: str) -> None:
    assert (await client.get(path, auth=CUSTOMER)).status_code == 403


@pytest.mark.parametrize("path", ["/sagas", "/sagas/acts", f"/sagas/{NO_SAGA}/messages"])
async def test_a_viewer_may_and_learns_that_the_database_is_away(client: AsyncClient, path: str) -> None:
    assert (await client.get(path, auth=VIEWER)).status_code == 503


@pytest.mark.parametrize("status", ["completed", "compensated", "sleeping"])
async def test_a_batch_cannot_retry_instances_that_have_ended(client: AsyncClient, status: str) -> None:
    answer = await client.post("/sagas/retry", json={"reason": "why", "status": status}, auth=OPERATOR)
    assert answer.status_code == 422
    assert "needs_attention" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("limit", [0, 101, "many"])
async def test_a_batch_has_one_to_a_hundred_instances(client: AsyncClient, limit: Any) -> None:
    answer = await client.post("/sagas/retry", json={"reason": "why", "limit": limit}, auth=OPERATOR)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.limit")


@pytest.mark.parametrize(
    ("query", "field", "advice"),
    [
        ("status=sleeping", "query.status", "'running', 'compensating', 'completed', 'compensated' or 'needs_att"),
        ("limit=0", "query.limit", "must be at least 1"),
        ("limit=101", "query.limit", "must be at most 100"),
        ("cursor=yesterday", "query.cursor", "take a page's `next_cursor` as it is"),
        ("id=yesterday", "query.id.0", "must be a UUID"),
        ("started_after=2026-01-01T00:00:00", "query.started_after", "with a time zone"),
        ("key=%00", "query.key", "in printable characters"),
        ("saga=%0A%00", "query.saga", "in printable characters"),
    ],
)
async def test_an_invalid_query_is_refused_with_what_to_change(
    client: AsyncClient, query: str, field: str, advice: str
) -> None:
    answer = await client.get(f"/sagas?{query}", auth=OPERATOR)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, field)
    assert advice in error["detail"]
