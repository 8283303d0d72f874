"""RabbitMQ as its management API sees it: queues, memory and disk, connections."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import AliasPath, BaseModel, Field

from counterstep.topology.topology import Topology


class Queue(BaseModel, frozen=True):
    """A queue, in messages; `resting` are those that wait for their next try, `redeliveries` are per second.

    The number of consumers is not known in the first seconds of a queue's life.
    """

    name: str
    ready: int = Field(default=0, validation_alias="messages_ready")
    unacked: int = Field(default=0, validation_alias="messages_unacknowledged")
    resting: int = 0
    consumers: int | None = None
    redelivered: int = Field(default=0, validation_alias=AliasPath("message_stats", "redeliver"))
    redeliveries: float = Field(
        default=0, validation_alias=AliasPath("message_stats", "redeliver_details", "rate")
    )


class Node(BaseModel, frozen=True):
    """What the broker has left, in bytes; an alarm blocks every publisher."""

    memory_used: int = Field(validation_alias="mem_used")
    memory_limit: int = Field(validation_alias="mem_limit")
    memory_alarm: bool = Field(validation_alias="mem_alarm")
    disk_free: int
    disk_limit: int = Field(validation_alias="disk_free_limit")
    disk_alarm: bool = Field(validation_alias="disk_free_alarm")


class Connection(BaseModel, frozen=True):
    """A client's connection; `state` is running, flow, blocking or blocked."""

    user: str
    name: str = Field(default="", validation_alias=AliasPath("client_properties", "connection_name"))
    state: str = "opening"


class BrokerView(BaseModel, frozen=True):
    """Node, queues and connections at one moment."""

    node: Node
    queues: list[Queue]
    connections: list[Connection]


def with_retries(view: BrokerView, waiting: Mapping[str, int]) -> BrokerView:
    """The same, with the messages that the services keep for their next try, by queue."""
    queues = [
        each.model_copy(update={"resting": each.resting + waiting.get(each.name, 0)}) for each in view.queues
    ]
    return view.model_copy(update={"queues": queues})


def view(topology: Topology, nodes: Any, queues: Any, connections: Any) -> BrokerView | None:
    """Read the answers of the management API; `None` where the node has not measured itself yet."""
    measured = next((node for node in nodes if "mem_used" in node), None)
    if measured is None:
        return None
    return BrokerView(node=measured, queues=watched(topology, queues), connections=connections)


def watched(topology: Topology, rows: Iterable[Mapping[str, Any]]) -> list[Queue]:
    """Each queue that a service consumes."""
    by_name = {row["name"]: row for row in rows}
    return [
        Queue.model_validate(by_name[queue.name]) for queue in topology.consumed_queues() if queue.name in by_name
    ]
