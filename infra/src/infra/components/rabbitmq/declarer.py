"""The one declarer of the topology: it declares everything, then reads back what the broker really has."""

from collections.abc import Iterable
from typing import Any

from contracts.topology import SHOP
from counterstep.topology.rabbitmq import definitions

from infra.components.rabbitmq.node import RabbitMQ
from infra.machine.failure import Failure

PART = "topology"
# What makes two of a kind the same; the rest of RabbitMQ's answer is statistics.
IDENTITY = {
    "queues": ("durable", "auto_delete", "arguments"),
    "exchanges": ("type", "durable", "auto_delete", "internal", "arguments"),
}


async def declare(broker: RabbitMQ) -> None:
    """Declare users, exchanges, queues, bindings and policies; doing it again changes nothing.

    Raises Failure where the broker refuses them, or keeps something of the same name that differs.
    """
    wanted = definitions(SHOP, broker.users, faults=True)  # what we launch is for looking, and for breaking
    async with broker.management() as api:
        answer = await api.post("/api/definitions", json=wanted)
        if not answer.is_success:
            raise Failure(PART, f"RabbitMQ refused the definitions: {answer.text}")
        for kind in IDENTITY:
            found = (await api.get(f"/api/{kind}/{SHOP.name}")).raise_for_status().json()
            if wrong := list(differences(kind, wanted[kind], found)):
                raise Failure(PART, "; ".join(wrong))


def differences(kind: str, wanted: Iterable[dict[str, Any]], found: Iterable[dict[str, Any]]) -> Iterable[str]:
    """Say, for each thing that is not on the broker as it was declared, what is wrong with it."""
    by_name = {each["name"]: each for each in found}
    for each in wanted:
        name = each["name"]
        if name not in by_name:
            yield f"{kind}/{name} was not created"
            continue
        for field in IDENTITY[kind]:
            if by_name[name][field] != each[field]:
                yield (
                    f"{kind}/{name} has {field} {by_name[name][field]}, not {each[field]};"
                    f" delete it in RabbitMQ's management, or begin anew with `make clean`"
                )
