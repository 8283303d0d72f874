"""A page of an AsyncAPI document: what a service says and hears, by which exchange and routing key."""

from collections.abc import Iterator, Mapping
from typing import Any

from schema_tables import body, table, tables

Document = Mapping[str, Any]


def asyncapi_page(document: Document, file: str) -> str:
    """The page in Markdown; `file` is where the document itself is found."""
    about = document["info"]
    name = about["title"].rpartition(" ")[2]
    parts = [
        f"# {name} over RabbitMQ",
        f"{about['description']} [The document itself]({file}); the service shows it at `/asyncapi`.",
        "## Sends",
        _operations(document, "send"),
        "## Receives",
        _operations(document, "receive"),
        "## Messages",
    ]
    messages = document["components"]["messages"]
    schemas = dict(document["components"]["schemas"])
    for message in messages.values():
        parts.extend(_message(message, schemas))
    return "\n\n".join([*parts, "## What they are made of", *tables(schemas)])


def _operations(document: Document, action: str) -> str:
    rows = [
        (
            ", ".join(_messages(each)) if "summary" not in each else each["summary"],
            _address(document["channels"][each["channel"]["$ref"].removeprefix("#/channels/")]),
            ", ".join(_messages(each.get("reply", {}))),
        )
        for each in document["operations"].values()
        if each["action"] == action
    ]
    return table(("message", "exchange and routing key", "answered by"), *rows)


def _messages(part: Document) -> Iterator[str]:
    for message in part.get("messages", ()):
        name = message["$ref"].rpartition("/")[2]
        yield f"[{name}](#{name})"


def _address(channel: Document) -> str:
    exchange = channel["bindings"]["amqp"]["exchange"]
    key = f", `{channel['address']}`" if channel["address"] else ""
    return f"`{exchange['name']}` ({exchange['type']}){key}"


def _message(message: Document, schemas: dict[str, Any]) -> Iterator[str]:
    yield f"### {message['name']} {{#{message['name']}}}"
    yield from body(schemas.pop(message["payload"]["$ref"].rpartition("/")[2]))
