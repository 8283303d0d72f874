"""`saga dead-letters`: list messages that could not be handled; replay or discard them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer
from counterstep.http.views.letters import Letter
from counterstep.messaging.consumer.letter_status import LetterStatus
from rich.console import RenderableType

from infra.cli import completion
from infra.cli.set_aside import OfService, check_choice, present_many, present_settled, services
from infra.cli.terminal import AsJson, checkout, operator, present
from infra.client import DeadLetters
from infra.screens import set_aside as screen

app = typer.Typer(no_args_is_help=True)

MessageId = Annotated[
    UUID, typer.Argument(help="The message id of the dead letter.", autocompletion=completion.letters)
]
Limit = Annotated[int, typer.Option(min=1, max=1_000, help="The maximum number of letters.")]


@contextmanager
def letters(service: str | None = None) -> Iterator[DeadLetters]:
    """The dead letters of one service or of all, for the user at the keyboard."""
    with checkout() as stack:
        yield DeadLetters(operator(stack), services("dead letters", service))


@app.command("list")
def list_(
    *, service: OfService = None, status: LetterStatus = "waiting", limit: Limit = 50, json: AsJson = False
) -> None:
    """List dead letters, the newest message first."""
    with letters(service) as found:
        listed = found.all(status, limit=limit)
    present(listed, _listed(listed) if listed else f"No dead letter is {status}.", as_json=json)


@app.command()
def show(message_id: MessageId, *, json: AsJson = False) -> None:
    """Show one dead letter: its queue, the cause, and the beginning of the message. --json shows the whole."""
    with letters() as found:
        letter = found.one(message_id, whole=json)
    present(letter, screen.whole(letter), as_json=json, soft_wrap=True)


@app.command()
def replay(  # noqa: PLR0913 - one parameter for each option
    message_id: Annotated[
        UUID | None,
        typer.Argument(
            help="One message id. Or choose several letters by options.", autocompletion=completion.letters
        ),
    ] = None,
    *,
    service: OfService = None,
    kind: Annotated[str | None, typer.Option("--type", help="Replay all letters of this message type.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Replay all waiting letters.")] = False,
    limit: Limit = 100,
    reason: Annotated[str, typer.Option(help="The reason. It is stored with the letter.")] = "replayed by hand",
    json: AsJson = False,
) -> None:
    """Send dead letters to their queues again, oldest first, with the same message ids."""
    check_choice(message_id, service, kind, everything, plural="letters")
    with letters(service) as found:
        if message_id:
            present_settled(found.settle(message_id, "replay", reason=reason), as_json=json)
            return
        replayed = found.replay_many(message_type=kind, limit=limit, reason=reason)
    present_many("Replayed", replayed, none="no letters are waiting", as_json=json)


@app.command()
def discard(
    message_id: MessageId,
    *,
    reason: Annotated[str, typer.Option(help="The reason. It is stored with the letter.")],
    json: AsJson = False,
) -> None:
    """Mark a dead letter as not needed. It stays on record."""
    with letters() as found:
        present_settled(found.settle(message_id, "discard", reason=reason), as_json=json)


def _listed(found: list[Letter]) -> RenderableType:
    rows = (
        (each.message_id, each.type, f"{each.origin}, death {each.deaths}", each.died_at, each.cause)
        for each in found
    )
    return screen.listed("message type, queue and cause", rows)
