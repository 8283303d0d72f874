"""Declares a topology on a broker, then reads back what the broker really has."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import httpx2

from counterstep.provision.retirement import retire
from counterstep.topology.rabbitmq import NOTHING, Definition, definitions
from counterstep.topology.topology import Topology

_IDENTITY: Final = {
    "queues": ("durable", "auto_delete", "arguments"),
    "exchanges": ("type", "durable", "auto_delete", "internal", "arguments"),
}
"""What makes two of a kind the same. The other fields of the broker's answer are statistics."""

_ONE_PATTERN: Final = re.compile(r"(?<=\$)\|(?=\^)")
_RIGHTS: Final = ("configure", "write", "read")


class TopologyMismatchError(Exception):
    """The broker refused the definitions, or has something of the same name that differs from them.

    The text says in one line what differs and what to do: an exchange or a queue cannot be changed in place, so it
    must be deleted once it is empty.

    Units: none.

    Raises: it is the error that `declare` raises.

    ```python
    async def declared(management: httpx2.AsyncClient, passwords: dict[str, str]) -> None:
        try:
            await declare(TRIP, management, passwords)
        except TopologyMismatchError as error:
            raise SystemExit(str(error)) from None
    ```
    """


async def declare(
    topology: Topology,
    management: httpx2.AsyncClient,
    users: Mapping[str, str],
    *,
    faults: bool = False,
    keep_old: bool = False,
) -> list[str]:
    """Declare the virtual host, users, permissions, exchanges, queues, bindings and policies of a topology.

    `management` is a client of RabbitMQ's management API as an administrator. `users` maps each service, and the
    topology's watcher if there is one, to its password. With `faults`, services that have FAULTS_ENABLED may send
    fault switches to each other. Declaring twice changes nothing.

    What earlier releases declared and this one does not need is removed, unless a message could be lost by it. The
    answer has one line for each thing that had to stay, with what to do. For a rolling upgrade, declare with
    `keep_old` first: then processes of the release before work on beside those of this one. Declare again without
    it when the last of them has ended.

    Units: none.

    Raises: `TopologyMismatchError` with what to do, and httpx2's errors where the broker cannot be reached.

    ```python
    async def broker(administrator: httpx2.AsyncClient, passwords: dict[str, str]) -> None:
        for line in await declare(TRIP, administrator, passwords):
            print(line)
    ```
    """
    wanted = definitions(topology, users, faults=faults)
    if keep_old:
        wanted["permissions"] = await _widened(topology, management, wanted["permissions"])
    answer = await management.post("/api/definitions", json=wanted)
    if not answer.is_success:
        raise TopologyMismatchError(f"RabbitMQ refused the definitions: {answer.text}")
    for kind in _IDENTITY:
        found = (await management.get(f"/api/{kind}/{topology.name}")).raise_for_status().json()
        if wrong := list(differences(kind, wanted[kind], found)):
            raise TopologyMismatchError("; ".join(wrong))
    return [] if keep_old else await retire(topology, management, wanted["bindings"])


async def _widened(
    topology: Topology, management: httpx2.AsyncClient, wanted: list[Definition]
) -> list[Definition]:
    """These permissions, and those that the users have already."""
    answer = await management.get(f"/api/vhosts/{topology.name}/permissions")
    found = {each["user"]: each for each in answer.json()} if answer.is_success else {}
    return [
        each | {right: either(found[each["user"]][right], each[right]) for right in _RIGHTS}
        if each["user"] in found
        else each
        for each in wanted
    ]


def either(old: str, new: str) -> str:
    """A pattern for what one of two permissions allows.

    >>> either("^(retry)$", "^(replies)$")
    '^(retry)$|^(replies)$'
    >>> either("^$", "^(replies)$")
    '^(replies)$'
    """
    allowed = dict.fromkeys([*_ONE_PATTERN.split(old), new])
    return "|".join(each for each in allowed if each != NOTHING) or NOTHING


def differences(kind: str, wanted: Iterable[dict[str, Any]], found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One line for each queue or exchange that is not on the broker as it was declared."""
    by_name = {each["name"]: each for each in found}
    for each in wanted:
        name = each["name"]
        if name not in by_name:
            yield f"{kind}/{name} was not created"
            continue
        for field in _IDENTITY[kind]:
            if by_name[name][field] != each[field]:
                yield (
                    f"{kind}/{name} has {field} {by_name[name][field]}, not {each[field]};"
                    f" delete it in RabbitMQ's management once it is empty, and declare again"
                )
