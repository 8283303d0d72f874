"""`saga quarantine`: list messages that the broker would not take; retry or discard them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer
from counterstep.http.views.quarantine import QuarantinedMessage
from counterstep.messaging.outbox.quarantine_status import QuarantineStatus
from rich.console import RenderableType

from infra.cli import completion
from infra.cli.set_aside import OfService, check_choice, present_many, present_settled, services
from infra.cli.terminal import AsJson, checkout, operator, present
from infra.client import Quarantine
from infra.screens import set_aside as screen

app = typer.Typer(no_args_is_help=True)

MessageId = Annotated[
    UUID, typer.Argument(help="The id of the message in quarantine.", autocompletion=completion.quarantined)
]
Limit = Annotated[int, typer.Option(min=1, max=1_000, help="The maximum number of messages.")]


@contextmanager
def quarantine(service: str | None = None) -> Iterator[Quarantine]:
    """The quarantine of one service or of all, for the user at the keyboard."""
    with checkout() as stack:
        yield Quarantine(operator(stack), services("quarantine", service))


@app.command("list")
def list_(
    *, service: OfService = None, status: QuarantineStatus = "waiting", limit: Limit = 50, json: AsJson = False
) -> None:
    """List messages that the broker would not take, the newest first."""
    with quarantine(service) as found:
        listed = found.all(status, limit=limit)
    present(listed, _listed(listed) if listed else f"No message in quarantine is {status}.", as_json=json)


@app.command()
def show(message_id: MessageId, *, json: AsJson = False) -> None:
    """Show one message: its address, the reason, and the beginning of the message. --json shows the whole."""
    with quarantine() as found:
        message = found.one(message_id, whole=json)
    present(message, screen.whole(message), as_json=json, soft_wrap=True)


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
    check_choice(message_id, service, kind, everything, plural="messages")
    with quarantine(service) as found:
        if message_id:
            present_settled(found.settle(message_id, "retry", reason=reason), as_json=json)
            return
        retried = found.retry_many(message_type=kind, limit=limit, reason=reason)
    present_many("Retried", retried, none="no message can be sent again", as_json=json)


@app.command()
def discard(
    message_id: MessageId,
    *,
    reason: Annotated[str, typer.Option(help="The reason. It is stored with the message.")],
    json: AsJson = False,
) -> None:
    """Mark a message as not needed. It is never sent, and stays on record."""
    with quarantine() as found:
        present_settled(found.settle(message_id, "discard", reason=reason), as_json=json)


def _listed(found: list[QuarantinedMessage]) -> RenderableType:
    rows = (
        (
            each.message_id,
            each.type,
            f"{each.exchange} {each.routing_key}, try {each.tries}",
            each.quarantined_at,
            each.reason,
        )
        for each in found
    )
    return screen.listed("message type, address and reason", rows)
