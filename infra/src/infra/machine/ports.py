"""Where each part listens, always on loopback."""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, Field, ValidationError

from infra.machine.listening import is_forbidden, is_taken
from infra.machine.private_file import read_whole
from infra.machine.user_error import UserError

# Past it the highest port would be one that Linux hands to outgoing connections (32768 and up).
FURTHEST_OFFSET = 7000
BETWEEN_REPLICAS = 10
"""From one process of a service to its next; room for ten services that follow one another."""
MOST_PROCESSES = 8
"""Of one service, each with a port of its own."""
HIGHEST = 65535
Port = Annotated[int, Field(ge=1, le=HIGHEST)]


class Ports(BaseModel, frozen=True, extra="forbid"):
    """One port for each listener; `ORDER_PORT` moves `order`, `PORT_OFFSET` moves them all."""

    console: Port = 8000
    order: Port = 8001
    inventory: Port = 8002
    payment: Port = 8003
    orchestrator: Port = 8004
    postgres: Port = 5433
    amqp: Port = 5673
    management: Port = 15673
    broker_metrics: Port = 15693
    otlp: Port = 4318
    traces: Port = 16686
    epmd: Port = 4370
    distribution: Port = 25673
    prometheus: Port = 9090
    grafana: Port = 3000

    @classmethod
    def resolve(cls, environment: Mapping[str, str], remembered: Path) -> Self:
        """Take what the environment sets, else what this home used last, else the defaults.

        Raises UserError where a variable is not a port.
        """
        try:
            known = cls._remembered(remembered)
            if offset := environment.get("PORT_OFFSET"):
                known = cls().shifted(int(offset))
            moved = {name: environment.get(variable(name), port) for name, port in known}
            return cls.model_validate(moved)
        except ValueError as error:
            raise UserError("ports", _explain(error, environment)) from error

    @classmethod
    def _remembered(cls, file: Path) -> Self:
        """The ports of the last `up`. Ports of services that this checkout does not have are left out.

        Raises UserError where the file was cut off or edited.
        """
        try:
            if not file.exists():
                return cls()
            found = json.loads(read_whole(file))
            return cls.model_validate({name: port for name, port in found.items() if name in cls.model_fields})
        except (UserError, OSError, ValueError, AttributeError, RecursionError):
            raise UserError(
                "ports", f"{file} cannot be read; remove it, and set your ports again if you had changed them"
            ) from None

    @classmethod
    def free(cls) -> Self:
        """Ports that nobody uses now, also for replicas, and none of them one that the system lends to clients."""
        names = [name for each in cls.model_fields for name in (each, *replicas(each, MOST_PROCESSES))]
        while True:
            ports = cls().shifted(secrets.randbelow(FURTHEST_OFFSET))
            if not ports.taken(names):
                return ports

    def shifted(self, offset: int) -> Self:
        """Move every port by `offset`. Raises ValueError if one leaves the range."""
        return type(self)(**{name: port + offset for name, port in self})

    def of(self, name: str) -> int:
        """The port of this name, or of a replica such as `payment-2`. Raises UserError if there is none."""
        first, _, number = name.partition("-")
        port: int = getattr(self, first) + BETWEEN_REPLICAS * (int(number or 1) - 1)
        if port > HIGHEST:
            raise UserError("ports", f"{name} would need port {port}; set {variable(name)} to a lower one")
        return port

    def taken(self, names: Iterable[str]) -> dict[str, int]:
        """Of the named ports, those on which another program listens."""
        return {name: self.of(name) for name in names if is_taken(self.of(name))}

    def forbidden(self, names: Iterable[str]) -> dict[str, int]:
        """Of the named ports, those on which the system lets only root listen."""
        return {name: self.of(name) for name in names if is_forbidden(self.of(name))}

    def refuse_moved(self, remembered: Path) -> None:
        """Raises UserError with what to do where what runs listens on others."""
        known = type(self).resolve({}, remembered)
        if moved := [f"{name} {port}" for name, port in known if port != getattr(self, name)]:
            raise UserError(
                "ports", f"already running on other ports ({', '.join(moved)}); type `make down` first"
            )

    def refuse_unusable(self, names: Iterable[str]) -> None:
        """Raises UserError with what to do where another program listens on one of them, or only root may."""
        names = list(names)
        if forbidden := self.forbidden(names):
            first = variable(next(iter(forbidden)))
            raise UserError(
                "ports",
                f"only root may listen on {_listed(forbidden)}; choose a higher one, as in `make up {first}=8080`",
            )
        if taken := self.taken(names):
            raise UserError(
                "ports",
                f"another program uses {_listed(taken)}. Stop it, or move this port with its variable, as in"
                f" `make up {variable(next(iter(taken)))}=…`, or all of them with `make up PORT_OFFSET=1000`",
            )


def replicas(service: str, processes: int) -> Iterator[str]:
    """The names of a service's processes beside the first: `payment-2`, `payment-3`."""
    return (f"{service}-{number}" for number in range(2, processes + 1))


def variable(name: str) -> str:
    """Name the environment variable that moves this port; replicas move with the first process."""
    return f"{name.partition('-')[0].upper()}_PORT"


def _listed(ports: Mapping[str, int]) -> str:
    return ", ".join(f"{port} ({variable(name)})" for name, port in ports.items())


def _explain(error: ValueError, environment: Mapping[str, str]) -> str:
    if not isinstance(error, ValidationError):
        return f"PORT_OFFSET is {environment['PORT_OFFSET']!r}; set it to a whole number, such as 100"
    wrong = ", ".join(f"{variable(str(e['loc'][0]))}={e['input']}" for e in error.errors())
    return f"{wrong}: a port is a whole number from 1 to {HIGHEST}"
