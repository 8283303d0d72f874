"""Faults of the broker itself, made by its own administrator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aio_pika
import httpx2
from contracts.topology import SHOP
from counterstep.topology.topology import Queue
from infra.components.rabbitmq import programs as rabbitmq_programs
from infra.launcher.native.stack import Stack
from infra.machine.command import run
from infra.machine.environment import base_environment
from infra.machine.loopback import DIRECTLY

# RabbitMQ's own settings: the alarm that sounds at once, and the default that stills it.
ALARMS: Final = {
    "memory": (("set_vm_memory_high_watermark", "0.0000001"), ("set_vm_memory_high_watermark", "0.4")),
    "disk": (("set_disk_free_limit", "1000000GB"), ("set_disk_free_limit", "50MB")),
}


LOSE_THE_LOG: Final = (
    "[begin catch exit(whereis(ra_log_wal), kill), timer:sleep(300) end || _ <- lists:seq(1, 12)]."
)
"""What a full disk does to the log of the quorum queues: it ends at each write, too often to be started again."""


async def lose_log(stack: Stack) -> None:
    """The log of the quorum queues starts again, without the queues that stand on it."""
    await _rabbitmqctl(stack, "eval", LOSE_THE_LOG)


@asynccontextmanager
async def alarmed(stack: Stack, resource: str) -> AsyncIterator[None]:
    """Inside the block the broker is short of memory or disk, and takes no message from any publisher."""
    sound, still = ALARMS[resource]
    await _rabbitmqctl(stack, *sound)
    try:
        yield
    finally:
        await _rabbitmqctl(stack, *still)


@asynccontextmanager
async def unbound(stack: Stack, queue: Queue) -> AsyncIterator[None]:
    """Inside the block what is published to the queue's exchange does not reach it."""
    async with await aio_pika.connect(stack.amqp_url) as connection:
        found = await (await connection.channel()).get_queue(queue.name)
        for binding in queue.bindings:
            await found.unbind(binding.exchange, binding.key)
        try:
            yield
        finally:
            for binding in queue.bindings:
                await found.bind(binding.exchange, binding.key)


@asynccontextmanager
async def limited(stack: Stack, queue: Queue, length: int) -> AsyncIterator[None]:
    """Inside the block the queue takes no more than this many messages, and refuses the rest."""
    policy = {
        "pattern": f"^{queue.name}$",
        "definition": {"max-length": length, "overflow": "reject-publish"},
        "priority": 100,
        "apply-to": "queues",
    }
    path = f"/api/policies/{SHOP.name}/fault"
    async with management(stack) as api:
        (await api.put(path, json=policy)).raise_for_status()
        try:
            yield
        finally:
            (await api.delete(path)).raise_for_status()


_TIMEOUTS: Final = (
    "[application:set_env(rabbit, Name, Value) || {{Name, Value}} <- "
    "[{{consumer_timeout, {timeout}}}, {{channel_tick_interval, {tick}}}]]."
)


@asynccontextmanager
async def impatient(stack: Stack) -> AsyncIterator[None]:
    """Inside the block the broker closes a new channel that holds a message for two seconds."""
    await _rabbitmqctl(stack, "eval", _TIMEOUTS.format(timeout=2_000, tick=500))
    try:
        yield
    finally:
        await _rabbitmqctl(stack, "eval", _TIMEOUTS.format(timeout=1_800_000, tick=60_000))


async def close_connections(stack: Stack, user: str) -> None:
    """Close every connection of this user, as an operator may.

    The broker itself is asked: the management API lists a connection only seconds after it was opened.
    """
    await _rabbitmqctl(stack, "close_all_user_connections", user, "closed by an operator")


@asynccontextmanager
async def management(stack: Stack) -> AsyncIterator[httpx2.AsyncClient]:
    """The broker's management API, as its administrator."""
    async with httpx2.AsyncClient(
        base_url=stack.broker.management_url, auth=stack.broker.admin, **DIRECTLY
    ) as api:
        yield api


async def _rabbitmqctl(stack: Stack, *arguments: str) -> None:
    environment = {**base_environment(stack.home), **stack.parts["rabbitmq"].environment}
    await run("rabbitmq", (str(rabbitmq_programs.folder() / "rabbitmqctl"), *arguments), environment=environment)
