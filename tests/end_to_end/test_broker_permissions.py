"""On the broker each service may do its own work and nothing else: tried with its own user and password."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import aio_pika
import httpx
import pytest
from aio_pika import Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import AMQPConnectionError, AMQPError, ChannelPreconditionFailed, PublishError
from aiormq.exceptions import ChannelAccessRefused
from contracts.topology import SERVICES
from infra.launcher.native.stack import Stack
from yarl import URL

Act: TypeAlias = Callable[[AbstractChannel], Awaitable[object]]


@asynccontextmanager
async def channel_of(stack: Stack, service: str) -> AsyncIterator[AbstractChannel]:
    async with await aio_pika.connect(stack.broker.url(service)) as connection:
        yield await connection.channel(on_return_raises=True)


def publish(exchange: str, key: str, *, user_id: str | None = None) -> Act:
    async def act(channel: AbstractChannel) -> object:
        target = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
        return await target.publish(Message(b"{}", user_id=user_id), key)

    return act


def declare_queue(name: str) -> Act:
    return lambda channel: channel.declare_queue(name, durable=True)


def declare_exchange(name: str) -> Act:
    return lambda channel: channel.declare_exchange(name)


def bind(queue: str, exchange: str, key: str) -> Act:
    async def act(channel: AbstractChannel) -> object:
        return await (await channel.get_queue(queue, ensure=False)).bind(exchange, key)

    return act


def bind_ear(exchange: str) -> Act:
    async def act(channel: AbstractChannel) -> object:
        return await (await channel.declare_queue(exclusive=True)).bind(exchange, "#")

    return act


def consume(queue: str) -> Act:
    async def act(channel: AbstractChannel) -> object:
        return await (await channel.get_queue(queue, ensure=False)).consume(ignore)

    return act


async def ignore(message: AbstractIncomingMessage) -> None:
    """Leave it to the queue's own consumer."""
    await message.nack()


def look_into(queue: str) -> Act:
    async def act(channel: AbstractChannel) -> object:
        return await (await channel.get_queue(queue, ensure=False)).get(fail=False)

    return act


def purge(queue: str) -> Act:
    async def act(channel: AbstractChannel) -> object:
        return await (await channel.get_queue(queue, ensure=False)).purge()

    return act


REFUSED: dict[str, tuple[str, Act]] = {
    "payment may not declare a queue": ("payment", declare_queue("payment.more")),
    "payment may not let the orders' events reach its ear": ("payment", bind_ear("events.order")),
    "payment may not have a control queue of its own": ("payment", bind_ear("control")),
    "payment may not declare its own queue otherwise": ("payment", declare_queue("payment.commands")),
    "payment may not declare an exchange": ("payment", declare_exchange("payment.own")),
    "payment may not delete its own queue": ("payment", lambda channel: channel.queue_delete("payment.commands")),
    "payment may not delete an exchange": ("payment", lambda channel: channel.exchange_delete("commands")),
    "payment may not bind its queue to the orders' events": (
        "payment",
        bind("payment.commands", "events.order", "order.#"),
    ),
    "payment may not write past the exchanges": ("payment", publish("", "inventory.commands")),
    "payment may not write to the server's own exchanges": ("payment", publish("amq.topic", "x")),
    "payment may not command": ("payment", publish("commands", "inventory.release_stock")),
    "payment may not announce events": ("payment", publish("events.payment", "payment.captured")),
    "payment may not announce the orders' events": ("payment", publish("events.order", "order.order_placed")),
    "order may not command": ("order", publish("commands", "payment.capture_payment")),
    "orchestrator may not announce events": ("orchestrator", publish("events.order", "order.order_placed")),
    "orchestrator may not answer": ("orchestrator", publish("replies", "orchestrator")),
    "payment may not bury among inventory's dead letters": (
        "payment",
        publish("dead_letters", "inventory.commands"),
    ),
    "payment may not fill inventory's retry ladder": ("payment", publish("retry", "inventory.commands.1s")),
    "inventory may not fill the orchestrator's": ("inventory", publish("retry", "orchestrator.replies.1s")),
    "payment may not write where the unroutable rests": ("payment", publish("unrouted", "")),
    "payment may not consume inventory's commands": ("payment", consume("inventory.commands")),
    "payment may not look into inventory's commands": ("payment", look_into("inventory.commands")),
    "payment may not look into the orchestrator's replies": ("payment", look_into("orchestrator.replies")),
    "payment may not look into the orders' dead letters": ("payment", look_into("order.dead_letters")),
    "payment may not take from its own retry ladder": ("payment", look_into("payment.commands.retry.1s")),
    "payment may not take what was unroutable": ("payment", look_into("unrouted")),
    "payment may not purge inventory's commands": ("payment", purge("inventory.commands")),
    "order may not purge the orchestrator's events": ("order", purge("orchestrator.events")),
}

# To keys that lead nowhere, so that nobody is given work: a returned message was a permitted one.
PERMITTED: dict[str, tuple[str, Act]] = {
    "order may announce its own events": ("order", publish("events.order", "order.nothing_happened")),
    "payment may answer": ("payment", publish("replies", "nobody")),
    "payment may rest its own messages": ("payment", publish("retry", "payment.commands.never")),
    "payment may sign with its own name": ("payment", publish("replies", "nobody", user_id="payment")),
}


@pytest.mark.parametrize(("service", "act"), REFUSED.values(), ids=REFUSED)
async def test_the_broker_refuses(stack: Stack, service: str, act: Act) -> None:
    async with channel_of(stack, service) as channel:
        with pytest.raises(ChannelAccessRefused):
            await act(channel)


@pytest.mark.parametrize(("service", "act"), PERMITTED.values(), ids=PERMITTED)
async def test_the_broker_permits(stack: Stack, service: str, act: Act) -> None:
    async with channel_of(stack, service) as channel:
        with pytest.raises(PublishError):
            await act(channel)


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_may_read_its_own_dead_letters(stack: Stack, service: str) -> None:
    async with channel_of(stack, service) as channel:
        await look_into(f"{service}.dead_letters")(channel)


async def test_nobody_signs_with_another_s_name(stack: Stack) -> None:
    async with channel_of(stack, "payment") as channel:
        with pytest.raises(ChannelPreconditionFailed, match="user_id"):
            await publish("replies", "nobody", user_id="inventory")(channel)


async def test_a_service_has_no_other_virtual_host(stack: Stack) -> None:
    with pytest.raises(AMQPError, match=r"Connection\.Close"):
        await aio_pika.connect(URL(stack.broker.url("payment")).with_path("/%2F", encoded=True))


async def test_a_service_s_password_is_checked(stack: Stack) -> None:
    with pytest.raises(AMQPConnectionError):
        await aio_pika.connect(URL(stack.broker.url("payment")).with_password("payment"))


async def test_the_guest_that_rabbitmq_comes_with_does_not_exist(stack: Stack) -> None:
    with pytest.raises(AMQPConnectionError):
        await aio_pika.connect(URL(stack.broker.url("payment")).with_user("guest").with_password("guest"))


@pytest.mark.parametrize("user", [*SERVICES, "guest"])
async def test_the_management_api_is_the_administrator_s_alone(stack: Stack, user: str) -> None:
    password = "guest" if user == "guest" else stack.home.secret(f"broker.{user}")
    async with httpx.AsyncClient(auth=(user, password), trust_env=False) as client:
        answer = await client.get(f"{stack.broker.management_url}/api/overview")
    assert answer.status_code == 401
