"""What the commands for dead letters and for quarantine have in common."""

from collections.abc import Mapping
from typing import Annotated, Protocol
from uuid import UUID

import typer
from contracts.topology import SERVICES

from infra.cli import completion
from infra.cli.services import known_services
from infra.cli.terminal import present

OfService = Annotated[
    str | None,
    typer.Option(
        "--service",
        help="Only this service. The default is all services.",
        autocompletion=completion.services,
    ),
]


class Settled(Protocol):
    """A message about which a person has decided."""

    @property
    def message_id(self) -> UUID: ...

    @property
    def service(self) -> str: ...

    @property
    def status(self) -> str: ...


def services(part: str, service: str | None) -> list[str]:
    """The named service, or all. Raises `CommandLineError`, in the name of this part, for an unknown one."""
    return known_services(part, [service] if service else SERVICES)


def check_choice(message_id: UUID | None, *options: object, plural: str) -> None:
    """Raises `BadParameter` unless either one message is named, or several are chosen by options."""
    if any(options) is bool(message_id):
        raise typer.BadParameter(
            f"give one message id, or choose several {plural} with --service, --type or --all"
        )


def present_settled(found: Settled, *, as_json: bool) -> None:
    """Say what has become of the message."""
    present(found, f"{found.message_id} of {found.service} is {found.status}.", as_json=as_json, soft_wrap=True)


def present_many(done: str, counts: Mapping[str, int], *, none: str, as_json: bool) -> None:
    """Say how many messages were `done`, by service."""
    lines = [f"{number} of {name}" for name, number in counts.items() if number]
    present(counts, f"{done}: {', '.join(lines) or none}.", as_json=as_json)
