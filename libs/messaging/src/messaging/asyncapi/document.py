"""The document: what it is about, and its channels, operations and components put together."""

from typing import Any, Final

from messaging.asyncapi.channels import channels
from messaging.asyncapi.messages import messages, schemas
from messaging.asyncapi.operations import operations
from messaging.topology import VHOST
from messaging.wiring import heard_by, sent_by

VERSION: Final = "3.0.0"


def document(service: str, *, version: str, summary: str) -> dict[str, Any]:
    """The AsyncAPI document of this service, ready for JSON."""
    sent, heard = list(sent_by(service)), list(heard_by(service))
    said = {route.message for route in (*sent, *heard)}
    return {
        "asyncapi": VERSION,
        "info": {"title": f"Counterstep: {service}", "version": version, "description": summary},
        "defaultContentType": "application/json",
        "servers": {
            "broker": {
                "host": "{host}",
                "pathname": f"/{VHOST}",
                "protocol": "amqp",
                "protocolVersion": "0.9.1",
                "description": "RabbitMQ; each service has a user of its own, that may do no more than this.",
                "variables": {"host": {"default": "localhost:5673", "description": "Where AMQP_URL points."}},
            }
        },
        "channels": channels(service, sent, heard),
        "operations": operations(service, sent, heard),
        "components": {"messages": messages(said), "schemas": schemas(said)},
    }
