"""One order through the public API, followed to its end: the proof that everything works together."""

import asyncio

from counterstep.http.roles import Role
from counterstep.http.views.sagas import SagaDetail
from shop_client import Order

from infra.client import Sagas
from infra.demo import orders
from infra.launcher import Deployment
from infra.machine.user_error import UserError
from infra.machine.waiting import until_ready

CUSTOMER = "ada"
BASKET = {"mug": 1, "pencil": 3}
ENDS_WITHIN = 30  # seconds


def place_first_order(stack: Deployment) -> tuple[Order, SagaDetail]:
    """Place an order and wait for its end. Raises UserError where it is refused, or does not end."""
    sagas = Sagas(stack.api(Role.OPERATOR, CUSTOMER))
    placed = orders.place(stack, CUSTOMER, BASKET)

    async def unsettled() -> str | None:
        saga = sagas.find(placed.saga_id)
        return None if saga and saga.ended_at else f"the saga is {saga.status if saga else 'not started'}"

    try:
        asyncio.run(until_ready(unsettled, ENDS_WITHIN))
    except TimeoutError as error:
        raise UserError("first order", f"{error} (saga {placed.saga_id})", stack.log_of("orchestrator")) from None
    return orders.read(stack, placed), sagas.started(placed.saga_id)
