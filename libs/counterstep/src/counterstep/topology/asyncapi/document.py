"""The document: what it is about, and its channels, operations and components put together."""

from typing import Any, Final

from counterstep.topology.asyncapi.channels import channels
from counterstep.topology.asyncapi.messages import messages, schemas
from counterstep.topology.asyncapi.operations import operations
from counterstep.topology.routes import consumed_by, published_by
from counterstep.topology.topology import Topology

VERSION: Final = "3.0.0"


def document(topology: Topology, service: str, *, version: str, summary: str) -> dict[str, Any]:
    """The AsyncAPI document of this service, ready for JSON."""
    published, consumed = list(published_by(topology, service)), list(consumed_by(topology, service))
    types = {route.message for route in (*published, *consumed)}
    return {
        "asyncapi": VERSION,
        "info": {"title": f"{topology.name.capitalize()}: {service}", "version": version, "description": summary},
        "defaultContentType": "application/json",
        "servers": {
            "broker": {
                "host": "{host}",
                "pathname": f"/{topology.name}",
                "protocol": "amqp",
                "protocolVersion": "0.9.1",
                "description": "RabbitMQ; each service has a user of its own, that may do no more than this.",
                "variables": {"host": {"default": "localhost:5673", "description": "Where AMQP_URL points."}},
            }
        },
        "channels": channels(topology, published, consumed),
        "operations": operations(topology, published, consumed),
        "components": {"messages": messages(types), "schemas": schemas(types)},
    }
