"""Only an operator may change data; customers may place orders, and cancel their own."""

import re
from collections.abc import Iterator, Mapping
from uuid import UUID

import inventory.api
import inventory.handlers
import order.api
import order.handlers
import payment.api
import payment.handlers
import pytest
from contracts.topology import SHOP
from counterstep.http.roles import Role
from counterstep.messaging.consumer.consuming import Consumer
from counterstep.orchestration.api import router as orchestrator_api
from counterstep.orchestration.orchestrator import Orchestrator
from counterstep.service.testing import Bearer, offline_application
from fastapi import APIRouter, FastAPI
from httpx2 import ASGITransport, AsyncClient
from orchestrator.sagas import SAGAS

SERVICES: Mapping[str, tuple[Consumer, APIRouter]] = {
    "order": (order.handlers.order, order.api.router),
    "inventory": (inventory.handlers.inventory, inventory.api.router),
    "payment": (payment.handlers.payment, payment.api.router),
    "orchestrator": (Orchestrator(SAGAS, SHOP), orchestrator_api),
}
THE_CUSTOMER_S = {("post", "/orders"), ("post", "/orders/{order_id}/cancel")}
SOMETHING = str(UUID(int=7))


def app_of(service: str) -> FastAPI:
    consumer, router = SERVICES[service]
    return offline_application(consumer, router, mode="local", faults_enabled=True)


def changes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every method and path that changes something."""
    for path, methods in app.openapi()["paths"].items():
        yield from ((method, path) for method in methods if method != "get")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.VIEWER])
async def test_whatever_changes_something_is_forbidden_to_all_but_operators(service: str, role: Role) -> None:
    app = app_of(service)
    operators = set(changes(app)) - THE_CUSTOMER_S
    assert operators
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        for method, path in operators:
            address = re.sub(r"{\w+}", SOMETHING, path)
            answer = await client.request(method, address, auth=Bearer("somebody", role), json={})
            assert (answer.status_code, "needs the role operator" in answer.text) == (403, True), (method, path)
