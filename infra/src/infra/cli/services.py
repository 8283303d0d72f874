"""Services that a command line names."""

from collections.abc import Iterable

from contracts.topology import SERVICES

from infra.machine.user_error import CommandLineError


def known_services(command: str, names: Iterable[str]) -> list[str]:
    """The services of these names. Raises `CommandLineError` with the names that there are for any other."""
    names = list(names)
    if unknown := [name for name in names if name not in SERVICES]:
        raise CommandLineError(
            command, f"there is no service {unknown[0]}; the services are {', '.join(SERVICES)}"
        )
    return names
