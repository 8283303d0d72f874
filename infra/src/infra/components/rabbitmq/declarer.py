"""Declares the shop's topology on its broker."""

from contracts.topology import SHOP
from counterstep import provision

from infra.components.rabbitmq.node import RabbitMQ
from infra.machine.user_error import UserError


async def declare(broker: RabbitMQ, *, keep_old: bool = False) -> list[str]:
    """Declare users, exchanges, queues, bindings and policies; doing it again changes nothing.

    With `keep_old`, processes of an earlier release work on. Without it, what only they need is removed; the
    answer has one line for each thing that had to stay. Raises UserError where the broker refuses something, or
    keeps something of the same name that differs.
    """
    try:
        async with broker.management() as api:
            # The shop's processes take fault switches: it is there to be looked at, and broken.
            return await provision.declare(SHOP, api, broker.users, faults=True, keep_old=keep_old)
    except provision.TopologyMismatchError as error:
        raise UserError("topology", str(error)) from None
