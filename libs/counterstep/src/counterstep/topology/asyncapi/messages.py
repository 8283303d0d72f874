"""The messages: the body and headers of each."""

from collections.abc import Iterable
from inspect import getdoc
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from counterstep.protocol.headers import Headers
from counterstep.protocol.messages import Message
from counterstep.protocol.naming import type_name
from counterstep.topology.asyncapi.references import to_schema


def messages(said: Iterable[type[Message]]) -> dict[str, Any]:
    """These messages by their type names."""
    return {type_name(message): _message(message) for message in _in_order(said)}


def schemas(said: Iterable[type[Message]]) -> dict[str, Any]:
    """The JSON schemas of these messages, of their headers, and of everything in them."""
    models: list[type[BaseModel]] = [Headers, *_in_order(said)]
    _, defined = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    return dict(defined["$defs"])


def _message(message: type[Message]) -> dict[str, Any]:
    name = type_name(message)
    return {
        "name": name,
        "title": message.__name__,
        **({"summary": summary} if (summary := described(message)) else {}),
        "contentType": "application/json",
        "headers": to_schema(Headers.__name__),
        "payload": to_schema(message.__name__),
        "correlationId": {
            "description": "The saga's id, in AMQP's property correlation_id.",
            "location": "$message.header#/correlation_id",
        },
        "bindings": {"amqp": {"messageType": name, "bindingVersion": "0.3.0"}},
    }


def described(message: type[Message]) -> str | None:
    """The docstring of the message itself, without the one that it inherits from its base class."""
    return getdoc(message) if message.__doc__ else None


def _in_order(said: Iterable[type[Message]]) -> list[type[Message]]:
    return sorted(said, key=type_name)
