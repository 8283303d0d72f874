"""One order through the public API, followed to its end: the proof that everything works together."""

import asyncio
from datetime import datetime
from uuid import uuid4

from chassis.auth import Role
from pydantic import BaseModel

from infra.deployment import Deployment
from infra.failure import Failure
from infra.waiting import until_ready

CUSTOMER = "ada"
LINES = [{"sku": "mug", "quantity": 1}, {"sku": "pencil", "quantity": 3}]
ENDS_WITHIN = 30  # seconds


class Entry(BaseModel, frozen=True):
    """One line of a saga's history."""

    at: datetime
    step: str | None
    direction: str | None
    event: str


class SagaRun(BaseModel, frozen=True):
    """A saga run, as the orchestrator tells it."""

    started_at: datetime
    ended_at: datetime | None
    trace_url: str | None
    history: list[Entry]


class Settled(BaseModel, frozen=True):
    """An order that has ended."""

    status: str
    reason: str | None


def place_first_order(stack: Deployment) -> tuple[Settled, SagaRun]:
    """Place an order and wait for its end. Raises Failure where it is refused, or does not end."""
    customer = stack.api(Role.CUSTOMER, CUSTOMER)
    operator = stack.api(Role.OPERATOR, CUSTOMER)
    placed = customer.post(
        f"{stack.url('order')}/orders",
        {"customer_id": CUSTOMER, "lines": LINES},
        **{"Idempotency-Key": str(uuid4())},
    )
    order_url = f"{stack.url('order')}/orders/{placed['order_id']}"
    saga_url = f"{stack.url('orchestrator')}/sagas/{placed['saga_id']}"

    async def unsettled() -> str | None:
        run = operator.get(saga_url)
        return None if run and run["ended_at"] else f"the saga is {run['status'] if run else 'not begun'}"

    try:
        asyncio.run(until_ready(unsettled, ENDS_WITHIN))
    except TimeoutError as error:
        raise Failure("first order", f"{error} ({saga_url})", stack.log_of("orchestrator")) from None
    return Settled.model_validate(customer.get(order_url)), SagaRun.model_validate(operator.get(saga_url))
