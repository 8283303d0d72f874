"""One message through a quorum queue made for that: a node may answer, and list queues of which none works.

After its disk was full, RabbitMQ starts the log of its quorum queues again, but not the queues that stand on it.
Consumers stay connected and get nothing more. Only a message shows it, and only in a queue that is older than the
fault: the queue is made when the node is first asked, and kept.
"""

import asyncio
from typing import Any, Final

import httpx2
from contracts.topology import SHOP

from infra.components.rabbitmq.conf import ADMIN
from infra.machine.typed import as_typed

VHOST: Final = f"{SHOP.name}.probe"
QUEUE: Final = "round-trip"
WITHIN = 10  # seconds
PATIENCE = 5  # seconds in which queues that have only just started elect their leaders
MOST_MESSAGES = 10
"""What earlier questions may leave, where they were interrupted."""

MESSAGE: Final = {"properties": {}, "routing_key": QUEUE, "payload": "", "payload_encoding": "string"}
TAKE: Final = {"count": 1, "ackmode": "ack_requeue_false", "encoding": "auto"}


async def missing(management: httpx2.AsyncClient) -> str | None:
    """Say why no message passes, and what to do; `None` if one does, or an alarm is the reason, which is shown."""
    if refusal := await fault(management):
        return as_typed(f"{refusal}; `make up` restarts it")
    return None


async def lasting_fault(management: httpx2.AsyncClient) -> str | None:
    """The fault, if it lasts some seconds: queues that have started with their node end it by themselves."""
    if await fault(management) is None:
        return None
    await asyncio.sleep(PATIENCE)
    return await fault(management)


async def fault(management: httpx2.AsyncClient) -> str | None:
    """Say why no message passes; `None` if one does, or an alarm is the reason: no restart frees a disk."""
    alarms = await management.get("/api/health/checks/local-alarms", timeout=WITHIN)
    if not alarms.is_success or not await _refusal(management):
        return None
    await _make_queue(management)  # the first time
    refusal = await _refusal(management)
    return refusal and f"its queues do not work, as after a full disk ({refusal})"


async def _refusal(management: httpx2.AsyncClient) -> str | None:
    """Send a message, and take one. What the broker answers where it cannot."""
    try:
        sent = await _post(management, f"exchanges/{VHOST}/amq.default/publish", MESSAGE)
        if not (sent.is_success and sent.json()["routed"]):
            return _reason(sent)
        taken = await _post(management, f"queues/{VHOST}/{QUEUE}/get", TAKE)
        return None if taken.is_success else _reason(taken)
    except httpx2.TimeoutException:
        return f"no answer within {WITHIN} s"


async def _make_queue(management: httpx2.AsyncClient) -> None:
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    quorum = {"durable": True, "arguments": {"x-queue-type": "quorum", "x-max-length": MOST_MESSAGES}}
    await management.put(f"/api/vhosts/{VHOST}", timeout=WITHIN)
    await management.put(f"/api/permissions/{VHOST}/{ADMIN}", json=everything, timeout=WITHIN)
    await management.put(f"/api/queues/{VHOST}/{QUEUE}", json=quorum, timeout=WITHIN)


async def _post(management: httpx2.AsyncClient, path: str, body: Any) -> httpx2.Response:
    return await management.post(f"/api/{path}", json=body, timeout=WITHIN)


def _reason(answer: httpx2.Response) -> str:
    """The broker's words, where it has any: it answers an error with a JSON object."""
    told = answer.json()
    return str(told.get("reason", answer.text)) if isinstance(told, dict) else answer.text
