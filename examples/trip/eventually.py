"""Waiting until the services have done their work. The request is repeated every tenth of a second."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from httpx2 import AsyncClient, ConnectError, Response


async def until(request: Callable[[], Awaitable[Response]], good: Callable[[Response], bool]) -> Any:
    """The body of the first good answer. Raises `TimeoutError` where none comes within 30 seconds."""
    async with asyncio.timeout(30):
        while True:
            try:
                if good(answer := await request()):
                    return answer.json()
            except ConnectError:
                pass  # the process does not listen yet
            await asyncio.sleep(0.1)


async def ready(*services: AsyncClient) -> None:
    """Every service has its database, its broker and its consumers."""
    for service in services:
        await until(lambda: service.get("/health/ready"), lambda answer: answer.is_success)  # noqa: B023 - used at once


async def decide(suppliers: AsyncClient, trip_id: str, *, confirmed: bool) -> None:
    """Answer for the hotel, as soon as its reception has the request."""
    address, decision = f"/room-requests/{trip_id}/decision", {"confirmed": confirmed}
    await until(lambda: suppliers.post(address, json=decision), lambda answer: answer.is_success)


async def ended(agency: AsyncClient, trip_id: str) -> Any:
    """The trip, once it is confirmed or rejected."""
    address = f"/trips/{trip_id}"
    return await until(lambda: agency.get(address), lambda answer: answer.json()["status"] != "requested")
