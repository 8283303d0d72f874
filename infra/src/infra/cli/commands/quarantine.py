"""`saga quarantine`: list messages that the broker would not take; retry or discard them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer
from contracts.topology import SERVICES
from counterstep.http.views.quarantine import QuarantinedMessage, WholeQuarantinedMessage
from counterstep.messaging.outbox.quarantine_status import QuarantineStatus
from pydantic import TypeAdapter
from rich.console import Group, RenderableType
from rich.text import Text

from infra.cli import completion
from infra.cli.services import known_services
from infra.cli.terminal import AsJson, checkout, console, operator
from infra.client import Quarantine
from infra.machine.terminal import printable, write_json
from infra.screens.deployment import table

app = typer.Typer(no_args_is_help=True)

MessageId = Annotated[
    UUID, typer.Argument(help="The id of the message in quarantine.", autocompletion=completion.quarantined)
]
OfService = Annotated[
    str | None,
    typer.Option(
        "--service",
        help="Only this service. The default is all services.",
        autocompletion=completion.services,
    ),
]
Limit = Annotated[int, typer.Option(min=1, max=1_000, help="The maximum number of messages.")]


@contextmanager
def quarantine(service: str | None = None) -> Iterator[Quarantine]:
    """The quarantine of one service or of all, for the user at the keyboard."""
    with checkout() as stack:
        yield Quarantine(operator(stack), known_services("quarantine", [service] if service else SERVICES))


@app.command("list")
def list_(
    *, service: OfService = None, status: QuarantineStatus = "waiting", limit: Limit = 50, json: AsJson = False
) -> None:
    """List messages that the broker would not take, the newest first."""
    with quarantine(service) as found:
        listed = found.all(status, limit=limit)
    if json:
        write_json(TypeAdapter(list[QuarantinedMessage]).dump_json(listed, indent=2))
    else:
        console.print(_listed(listed) if listed else f"No message in quarantine is {status}.")


@app.command()
def show(message_id: MessageId, *, json: AsJson = False) -> None:
    """Show one message: its address, the reason, and the beginning of the message. --json shows the whole."""
    with quarantine() as found:
        message = found.one(message_id, whole=json)
    if json:
        write_json(message.model_dump_json(indent=2))
    else:
        console.print(_whole(message), soft_wrap=True)


@app.command()
def retry(  # noqa: PLR0913 - one parameter for each option
    message_id: Annotated[
        UUID | None,
        typer.Argument(
            help="One message id. Or choose several messages by options.", autocompletion=completion.quarantined
        ),
    ] = None,
    *,
    service: OfService = None,
    kind: Annotated[str | None, typer.Option("--type", help="Retry all messages of this type.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Retry all messages in quarantine.")] = False,
    limit: Limit = 100,
    reason: Annotated[str, typer.Option(help="The reason. It is stored with the message.")] = "retried by hand",
    json: AsJson = False,
) -> None:
    """Put messages back into their outboxes, oldest first, with the same message ids."""
    many = bool(service or kind or everything)
    if many is bool(message_id):
        raise typer.BadParameter("give one message id, or choose several messages with --service, --type or --all")
    with quarantine(service) as found:
        if message_id:
            _print(found.settle(message_id, "retry", reason=reason), as_json=json)
            return
        retried = found.retry_many(message_type=kind, limit=limit, reason=reason)
    if json:
        write_json(TypeAdapter(dict[str, int]).dump_json(retried))
    else:
        lines = [f"{number} of {name}" for name, number in retried.items() if number]
        console.print(f"Retried: {', '.join(lines) or 'no message can be sent again'}.")


@app.command()
def discard(
    message_id: MessageId,
    *,
    reason: Annotated[str, typer.Option(help="The reason. It is stored with the message.")],
    json: AsJson = False,
) -> None:
    """Mark a message as not needed. It is never sent, and stays on record."""
    with quarantine() as found:
        _print(found.settle(message_id, "discard", reason=reason), as_json=json)


def _print(message: QuarantinedMessage, *, as_json: bool) -> None:
    if as_json:
        write_json(message.model_dump_json(indent=2))
    else:
        console.print(f"{message.message_id} of {message.service} is {message.status}.", soft_wrap=True)


def _listed(found: list[QuarantinedMessage]) -> RenderableType:
    rows = table("message id", "message type, address and reason")
    for each in found:
        address = f"{each.exchange} {each.routing_key}"
        where = f"{printable(address)}, {each.quarantined_at.astimezone():%d %b %H:%M:%S}, try {each.tries}"
        lines = f"{printable(each.type)}\n{where}\n{printable(each.reason)}"
        rows.add_row(str(each.message_id), Text(lines, "dim", overflow="ellipsis", no_wrap=True))
    rows.columns[0].no_wrap = True  # an id that is cut short could not be copied
    return rows


def _whole(message: WholeQuarantinedMessage) -> RenderableType:
    rows = table()
    for name, value in message.model_dump(mode="json", exclude={"reason", "body"}).items():
        if value is not None:
            rows.add_row(Text(name.replace("_", " "), "dim"), Text(printable(str(value))))
    texts = (("reason", message.reason), ("body", message.body))
    return Group(rows, *(Text.assemble("\n", (name, "dim"), "\n", printable(text)) for name, text in texts))
