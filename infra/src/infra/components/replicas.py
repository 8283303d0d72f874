"""How many processes of each service are to run: `payment=2,orchestrator=2`, and one of each that is not named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from contracts.topology import SERVICES

from infra.machine.ports import MOST_PROCESSES, replicas
from infra.machine.private_file import read_whole
from infra.machine.user_error import CommandLineError, UserError

MOST_TOGETHER = 16
"""PostgreSQL takes as many connections as these may open."""


@dataclass(frozen=True)
class Replicas:
    """The number of processes of each service that is to have more than one."""

    processes: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `payment=2,orchestrator=2`. Raises UserError with what to write instead."""
        entries = [entry.strip().partition("=")[::2] for entry in text.split(",")] if text else []
        processes: dict[str, int] = {}
        for service, number in entries:
            if service in processes:
                raise _wrong(service, number, "the service is named twice; name it once")
            processes[service] = _number(service, number)
        if sum(processes.get(service, 1) for service in SERVICES) > MOST_TOGETHER:
            raise CommandLineError(
                "replicas", f"{text!r}: more than {MOST_TOGETHER} processes in all; ask for fewer"
            )
        return cls({service: number for service, number in processes.items() if number > 1})

    @classmethod
    def remembered(cls, file: Path) -> Self:
        """What the last `up` wrote. Services that this checkout does not have are left out.

        Raises UserError where the file was cut off or edited.
        """
        try:
            if not file.exists():
                return cls()
            entries = [each for each in read_whole(file).strip().split(",") if each]
            return cls.parse(",".join(each for each in entries if _is_of_this_checkout(each)))
        except (UserError, OSError):
            raise UserError("replicas", f"{file} cannot be read; remove it, then type `make up`") from None

    def __str__(self) -> str:
        return ",".join(f"{service}={number}" for service, number in self.processes.items())

    def further(self, service: str) -> Iterator[str]:
        """Name the service's processes beside the first: `payment-2`, `payment-3`."""
        return replicas(service, self.processes.get(service, 1))


SINGLE: Final = Replicas()


def _is_of_this_checkout(entry: str) -> bool:
    service, has_number, number = entry.partition("=")
    return service in SERVICES or not has_number or not number.isdecimal()


def _number(service: str, number: str) -> int:
    if service not in SERVICES:
        raise _wrong(service, number, f"no such service; choose among {', '.join(SERVICES)}, as in payment=2")
    if not number.isdecimal() or not 1 <= int(number) <= MOST_PROCESSES:
        raise _wrong(service, number, f"say how many processes, from 1 to {MOST_PROCESSES}, as in {service}=2")
    return int(number)


def _wrong(service: str, number: str, why: str) -> CommandLineError:
    written = f"{service}={number}" if number else service
    return CommandLineError("replicas", f"{written!r}: {why}")
