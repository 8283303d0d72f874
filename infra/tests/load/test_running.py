"""Sending a load to a service that loses the first connection of each order."""

import asyncio
import json
from collections import Counter
from datetime import UTC, datetime

from counterstep.client import AsyncClient
from infra.load.measurements import Measurements
from infra.load.planning import Planned
from infra.load.running import ATTEMPTS, Running
from infra.machine.loopback import LOOPBACK

SAGA_ID = "01980000-0000-7000-8000-000000000000"
ENDED = {
    "saga_id": SAGA_ID,
    "saga": "place_order",
    "version": 1,
    "key": "",
    "status": "completed",
    "reason": None,
    "trace_id": None,
    "trace_url": None,
}
ACCEPTED = {
    "order_id": SAGA_ID,
    "customer_id": "ada",
    "lines": [{"sku": "lamp", "quantity": 1}],
    "total": {"amount": 1, "currency": "EUR"},
    "status": "pending",
    "reason": None,
    "saga_id": SAGA_ID,
}


class Shaky:
    """Accepts an order when it is sent for the n-th time with the same key, and has ended it at once."""

    def __init__(self, *, accepts_at: int) -> None:
        self.keys: Counter[str] = Counter()
        self._accepts_at = accepts_at

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        if head.startswith("POST"):
            key = next(line for line in head.splitlines() if line.lower().startswith("idempotency-key"))
            self.keys[key] += 1
            if self.keys[key] == self._accepts_at:
                self._answer(writer, "202 Accepted", ACCEPTED)
        else:
            now = datetime.now(UTC).isoformat()
            ended = {**ENDED, "started_at": now, "ended_at": now}
            self._answer(writer, "200 OK", {"items": [ended], "next_cursor": None})
        writer.close()

    @staticmethod
    def _answer(writer: asyncio.StreamWriter, status: str, body: object) -> None:
        text = json.dumps(body)
        writer.write(
            f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode()
        )


async def loaded(service: Shaky) -> Measurements:
    """What became of one order that was sent to it."""
    plan = [Planned(0, 0, "ada", {"lamp": 1}, "confirmed")]
    measurements = Measurements(plan, datetime.now(UTC))
    async with await asyncio.start_server(service.serve, LOOPBACK, 0) as server:
        url = "http://{}:{}".format(*server.sockets[0].getsockname())
        async with AsyncClient({"order": url, "orchestrator": url}, "a token") as client:
            await Running(client, lambda _: None).go(plan, measurements)
    return measurements


async def test_an_order_whose_connection_was_lost_is_sent_again_under_the_same_key_and_counts_once() -> None:
    service = Shaky(accepts_at=ATTEMPTS)
    measurements = await loaded(service)
    assert list(service.keys.values()) == [ATTEMPTS]
    assert (measurements.offered, measurements.accepted, measurements.outcomes) == (1, 1, {"confirmed": 1})


async def test_an_order_that_cannot_be_sent_is_an_error_and_is_not_waited_for() -> None:
    measurements = await loaded(Shaky(accepts_at=ATTEMPTS + 1))
    assert measurements.errors == {"Server disconnected without sending a response.": 1}
    assert (measurements.accepted, measurements.well) == (0, False)
