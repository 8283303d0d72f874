"""The queues of earlier releases, by which failed messages travelled: each is removed once it is empty."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from counterstep.provision.virtual_host import VirtualHost
from counterstep.topology.rabbitmq import DELIVERY_LIMIT, old_dead_letters
from counterstep.topology.topology import Topology

UNROUTED: Final = "unrouted"
_TIERS: Final = ("1s", "5s", "30s")


def old_queues(topology: Topology) -> Mapping[str, str]:
    """Queue → what becomes of the messages in it."""
    return {
        **{
            f"{queue.name}.retry.{tier}": f"they go back to {queue.name} within a minute; declare again then"
            for queue in topology.consumed_queues()
            for tier in _TIERS
        },
        UNROUTED: "publish each to the default exchange with the routing key <service>.dead_letters, from where"
        " its service takes it, or delete it; then declare again",
        **{
            old_dead_letters(name): f"{name} takes them into its database while it runs; declare again then"
            for name in topology.services
        },
    }


async def retire_queues(topology: Topology, host: VirtualHost) -> Iterator[str]:
    """Delete each old queue that is empty. Gives one line for each that is not, with what to do.

    What is in `unrouted` goes through the queues of dead letters, so these stay until it is empty.
    """
    found = {row["name"] for row in await host.rows("queues")}
    left: dict[str, str] = {}
    for name, advice in old_queues(topology).items():
        if name not in found or (UNROUTED in left and name.endswith(".dead_letters")):
            continue
        if await _holds_messages(host, name):
            left[name] = f"queue {name} of an earlier release still holds messages: {advice}"
        else:
            await host.delete("queues", name)
            await host.delete("policies", name)
    return iter(left.values())


async def _holds_messages(host: VirtualHost, name: str) -> bool:
    """Tell whether a message is in it. RabbitMQ deletes a quorum queue whether it is empty or not.

    The management API counts also those that a consumer holds, but some seconds late; a look inside is exact.
    """
    # To look is a delivery, and this one must not be the last that is allowed.
    await host.put("policies", name, {"pattern": f"^{re.escape(name)}$", "definition": _PATIENT})
    counted = await host.row("queues", name)
    if counted is None:
        return False
    if counted.get("messages", 0) or counted.get("messages_dlx", 0):
        return True
    return bool(await host.look_into(name))


_PATIENT: Final = {"delivery-limit": DELIVERY_LIMIT}
