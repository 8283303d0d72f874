"""Declares the shop's topology on its broker."""

from contracts.topology import SHOP
from counterstep import provision

from infra.components.rabbitmq.node import RabbitMQ
from infra.machine.user_error import UserError


async def declare(broker: RabbitMQ) -> None:
    """Declare users, exchanges, queues, bindings and policies; doing it again changes nothing.

    Raises UserError where the broker refuses them, or keeps something of the same name that differs.
    """
    try:
        async with broker.management() as api:
            # The shop's processes take fault switches: it is there to be looked at, and broken.
            await provision.declare(SHOP, api, broker.users, faults=True)
    except provision.TopologyMismatchError as error:
        raise UserError("topology", str(error)) from None
