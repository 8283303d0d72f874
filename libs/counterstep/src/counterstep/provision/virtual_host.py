"""What is in one virtual host, read and removed by RabbitMQ's management API."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import quote

import httpx2

Row: TypeAlias = Mapping[str, Any]
"""One binding, queue or exchange, as the management API lists it."""

_ONE_MESSAGE: Final = {"count": 1, "ackmode": "ack_requeue_true", "encoding": "auto", "truncate": 0}


class VirtualHost:
    """One virtual host. Every method raises httpx2's errors, but not for what is already gone."""

    def __init__(self, management: httpx2.AsyncClient, name: str) -> None:
        self._management = management
        self._name = quote(name, safe="")

    async def rows(self, kind: str) -> list[Row]:
        """Every row of this kind."""
        rows: list[Row] = (await self._management.get(f"/api/{kind}/{self._name}")).raise_for_status().json()
        return rows

    async def row(self, kind: str, name: str) -> Row | None:
        """The row of this name, if there is one."""
        answer = await self._management.get(self._path(kind, name))
        if answer.status_code == httpx2.codes.NOT_FOUND:
            return None
        row: Row = answer.raise_for_status().json()
        return row

    async def look_into(self, queue: str) -> list[Row]:
        """The first message of a queue, which stays there, if there is one."""
        answer = await self._management.post(f"{self._path('queues', queue)}/get", json=_ONE_MESSAGE)
        if answer.status_code == httpx2.codes.NOT_FOUND:
            return []
        messages: list[Row] = answer.raise_for_status().json()
        return messages

    async def topic_permissions(self) -> list[Row]:
        """Every user's."""
        path = f"/api/vhosts/{self._name}/topic-permissions"
        rows: list[Row] = (await self._management.get(path)).raise_for_status().json()
        return rows

    async def put(self, kind: str, name: str, what: Row) -> None:
        """Set one, by its name."""
        (await self._management.put(self._path(kind, name), json=dict(what))).raise_for_status()

    async def delete(self, kind: str, *names: str) -> None:
        """Delete one. If somebody else did it at the same time, that is right too."""
        answer = await self._management.delete(self._path(kind, *names))
        if answer.status_code != httpx2.codes.NOT_FOUND:
            answer.raise_for_status()

    def _path(self, kind: str, *names: str) -> str:
        return "/".join(["", "api", kind, self._name, *(quote(name, safe="") for name in names)])
