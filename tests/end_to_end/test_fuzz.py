"""Thousands of messages that a hostile peer might write, to all that the broker has: none harms another.

`FUZZ_SEED=7 FUZZ_MESSAGES=100000 .venv/bin/pytest tests/end_to_end/test_fuzz.py` tries others, and more of them.
"""

import asyncio
import os
import random
from collections import Counter

import pytest
from contracts.topology import SERVICES, SHOP
from faults.databases import databases
from fuzzing import Fuzzer
from infra.launcher.native.stack import Stack
from raw_amqp import ClosedError, raw_publisher
from shop import PLENTY, Shop
from waiting import eventually

SEED = int(os.environ.get("FUZZ_SEED", random.SystemRandom().randrange(2**32)))
MESSAGES = int(os.environ.get("FUZZ_MESSAGES", "5000"))
PUBLISH_SECONDS = 10


@pytest.mark.timeout(900)  # seconds, for a slow machine
async def test_no_message_that_anyone_can_write_harms_another(shop: Shop) -> None:
    print(f"FUZZ_SEED={SEED}")  # noqa: T201 - pytest shows it with a failure
    sku, ada = await shop.stocked("lamp", 1_000), await shop.customer("ada", PLENTY)
    before = await shop.ended(await shop.place(ada, {sku: 1}))
    exchanges, queues = await addresses(shop.stack)
    assert {queue.name for queue in SHOP.consumed_queues()} <= set(queues)
    assert set(SHOP.exchanges) <= set(exchanges)
    users = ["admin", *SERVICES]
    fuzzers = [Fuzzer(SEED + n, exchanges, queues, [before["saga_id"]]) for n, _ in enumerate(users)]
    async with asyncio.TaskGroup() as tasks:
        sending = [
            tasks.create_task(send(shop.stack, user, fuzzer, MESSAGES // len(users)))
            for user, fuzzer in zip(users, fuzzers, strict=True)
        ]
        during = [await shop.place(ada, {sku: 1}) for _ in range(20)]
    outcomes = sum((task.result() for task in sending), Counter[str]())
    assert outcomes.total() >= MESSAGES // len(users) * len(users)
    assert outcomes["confirmed"] > outcomes.total() // 20, outcomes
    assert {each["status"] for each in await shop.all_ended(during)} == {"confirmed"}
    await eventually(lambda: leftovers(shop.stack), until=lambda left: not left, within=150)
    after = await shop.ended(await shop.place(ada, {sku: 1}))
    assert (before["status"], after["status"]) == ("confirmed", "confirmed")
    for service in SERVICES:
        assert (await shop.call("GET", service, "/health/ready")).status_code == 200


async def send(stack: Stack, user: str, fuzzer: Fuzzer, messages: int) -> Counter[str]:
    """Publish that many of the user's messages; counts their outcomes. The broker may close every connection."""
    outcomes = Counter[str]()
    while outcomes.total() < messages:
        try:
            async with asyncio.timeout(PUBLISH_SECONDS), raw_publisher(stack.broker.url(user)) as publisher:
                for _ in range(min(100, messages - outcomes.total())):
                    each = fuzzer.message(user)
                    outcomes[await publisher.publish(each.exchange, each.key, each.properties, each.body)] += 1
        except ClosedError as closed:
            outcomes[f"closed: {str(closed)[:3]}"] += 1
        except TimeoutError:
            outcomes["not answered"] += 1
    return outcomes


async def addresses(stack: Stack) -> tuple[list[str], list[str]]:
    """Every exchange and every queue that the broker has."""
    async with stack.broker.management() as api:
        exchanges = (await api.get(f"/api/exchanges/{SHOP.name}")).json()
        queues = (await api.get(f"/api/queues/{SHOP.name}")).json()
    return sorted(each["name"] for each in exchanges), sorted(each["name"] for each in queues)


async def leftovers(stack: Stack) -> dict[str, int]:
    """What is anywhere but among the letters, by name and number: in queues, outboxes and tables of retries."""
    async with stack.broker.management() as api:
        queues = (await api.get(f"/api/queues/{SHOP.name}")).json()
    queued = {each["name"]: each.get("messages", 0) for each in queues if each["type"] != "stream"}
    async with databases(stack) as opened:
        rows = {f"outbox of {name}": count for name, count in (await opened.outboxes()).items()}
        rows |= {f"retries of {name}": count for name, count in (await opened.retries()).items()}
    return {name: count for name, count in {**queued, **rows}.items() if count}
