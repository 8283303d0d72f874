"""`saga dead-letters`: list messages that could not be handled; replay or discard them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from uuid import UUID

import typer
from contracts.topology import SERVICES
from counterstep.http.views.letters import Letter, WholeLetter
from counterstep.messaging.consumer.letter_status import LetterStatus
from pydantic import TypeAdapter
from rich.console import Group, RenderableType
from rich.text import Text

from infra.cli import completion
from infra.cli.services import known_services
from infra.cli.terminal import AsJson, checkout, console, operator
from infra.client import DeadLetters
from infra.machine.terminal import printable, write_json
from infra.screens.deployment import table

app = typer.Typer(no_args_is_help=True)

MessageId = Annotated[
    UUID, typer.Argument(help="The message id of the dead letter.", autocompletion=completion.letters)
]
OfService = Annotated[
    str | None,
    typer.Option(
        "--service",
        help="Only this service. The default is all services.",
        autocompletion=completion.services,
    ),
]
Limit = Annotated[int, typer.Option(min=1, max=1_000, help="The maximum number of letters.")]


@contextmanager
def letters(service: str | None = None) -> Iterator[DeadLetters]:
    """The dead letters of one service or of all, for the user at the keyboard."""
    with checkout() as stack:
        yield DeadLetters(operator(stack), known_services("dead letters", [service] if service else SERVICES))


@app.command("list")
def list_(
    *, service: OfService = None, status: LetterStatus = "waiting", limit: Limit = 50, json: AsJson = False
) -> None:
    """List dead letters, the newest message first."""
    with letters(service) as found:
        listed = found.all(status, limit=limit)
    if json:
        write_json(TypeAdapter(list[Letter]).dump_json(listed, indent=2))
    else:
        console.print(_listed(listed) if listed else f"No dead letter is {status}.")


@app.command()
def show(message_id: MessageId, *, json: AsJson = False) -> None:
    """Show one dead letter: its queue, the cause, and the beginning of the message. --json shows the whole."""
    with letters() as found:
        letter = found.one(message_id, whole=json)
    if json:
        write_json(letter.model_dump_json(indent=2))
    else:
        console.print(_whole(letter), soft_wrap=True)


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
    many = bool(service or kind or everything)
    if many is bool(message_id):
        raise typer.BadParameter("give one message id, or choose several letters with --service, --type or --all")
    with letters(service) as found:
        if message_id:
            _print(found.settle(message_id, "replay", reason=reason), as_json=json)
            return
        replayed = found.replay_many(message_type=kind, limit=limit, reason=reason)
    if json:
        write_json(TypeAdapter(dict[str, int]).dump_json(replayed))
    else:
        lines = [f"{number} of {name}" for name, number in replayed.items() if number]
        console.print(f"Replayed: {', '.join(lines) or 'no letters are waiting'}.")


@app.command()
def discard(
    message_id: MessageId,
    *,
    reason: Annotated[str, typer.Option(help="The reason. It is stored with the letter.")],
    json: AsJson = False,
) -> None:
    """Mark a dead letter as not needed. It stays on record."""
    with letters() as found:
        _print(found.settle(message_id, "discard", reason=reason), as_json=json)


def _print(letter: Letter, *, as_json: bool) -> None:
    if as_json:
        write_json(letter.model_dump_json(indent=2))
    else:
        console.print(f"{letter.message_id} of {letter.service} is {letter.status}.", soft_wrap=True)


def _listed(found: list[Letter]) -> RenderableType:
    rows = table("message id", "message type, queue and cause")
    for each in found:
        where = f"{printable(each.origin)}, {each.died_at.astimezone():%d %b %H:%M:%S}, death {each.deaths}"
        lines = f"{printable(each.type)}\n{where}\n{printable(each.cause)}"
        rows.add_row(str(each.message_id), Text(lines, "dim", overflow="ellipsis", no_wrap=True))
    rows.columns[0].no_wrap = True  # an id that is cut short could not be copied
    return rows


def _whole(letter: WholeLetter) -> RenderableType:
    rows = table()
    for name, value in letter.model_dump(mode="json", exclude={"reason", "body"}).items():
        if value is not None:
            rows.add_row(Text(name.replace("_", " "), "dim"), Text(printable(str(value))))
    texts = (("reason", letter.reason), ("body", letter.body))
    return Group(rows, *(Text.assemble("\n", (name, "dim"), "\n", printable(text)) for name, text in texts))
