"""One order through the public API, followed to its end: the proof that everything works together."""

import asyncio

from counterstep.http.roles import Role
from counterstep.http.views.sagas import SagaDetail
from shop_client import Order

from infra.client import Sagas
from infra.demo import orders
from infra.launcher import Deployment
from infra.machine.failure import Failure
from infra.machine.waiting import until_ready

CUSTOMER = "ada"
BASKET = {"mug": 1, "pencil": 3}
ENDS_WITHIN = 30  # seconds


def place_first_order(stack: Deployment) -> tuple[Order, SagaDetail]:
    """Place an order and wait for its end. Raises Failure where it is refused, or does not end."""
    sagas = Sagas(stack.api(Role.OPERATOR, CUSTOMER))
    placed = orders.place(stack, CUSTOMER, BASKET)

    async def unsettled() -> str | None:
        run = sagas.find(placed.saga_id)
        return None if run and run.ended_at else f"the saga is {run.status if run else 'not begun'}"

    try:
        asyncio.run(until_ready(unsettled, ENDS_WITHIN))
    except TimeoutError as error:
        raise Failure("first order", f"{error} (saga {placed.saga_id})", stack.log_of("orchestrator")) from None
    return orders.read(stack, placed), sagas.begun(placed.saga_id)
