"""On the broker each service may do its own work and nothing else: tried with its own user and password."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import aio_pika
import httpx2
import pytest
from aio_pika import Message
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage
from aio_pika.exceptions import AMQPConnectionError, AMQPError, ChannelPreconditionFailed, PublishError
from aiormq.exceptions import ChannelAccessRefused
from contracts.topology import SERVICES
from counterstep.topology.topology import Topology
from house import house
from infra.launcher.native.stack import Stack
from intruder import Intruder
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
    "payment may not consume inventory's commands": ("payment", consume("inventory.commands")),
    "payment may not look into inventory's commands": ("payment", look_into("inventory.commands")),
    "payment may not look into the orchestrator's replies": ("payment", look_into("orchestrator.replies")),
    "payment may not purge inventory's commands": ("payment", purge("inventory.commands")),
    "order may not purge the orchestrator's events": ("order", purge("orchestrator.events")),
}

# To keys that lead nowhere, so that nobody is given work: a returned message was a permitted one.
PERMITTED: dict[str, tuple[str, Act]] = {
    "order may announce its own events": ("order", publish("events.order", "order.nothing_happened")),
    "payment may answer": ("payment", publish("replies", "nobody")),
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
    async with httpx2.AsyncClient(auth=(user, password), trust_env=False) as client:
        answer = await client.get(f"{stack.broker.management_url}/api/overview")
    assert answer.status_code == 401


def says_in(topology: Topology, queue: str, *, faults: bool) -> set[str]:
    """Who may fill this queue, by what the services are for; written without the permissions."""
    if queue == "control.log":
        return set(topology.services) if faults else set()
    owner, _, kind = queue.partition(".")
    if kind == "commands":
        return {topology.orchestrator}
    if kind == "replies":
        return {*topology.participants} - {owner}
    assert kind == "events"
    (found,) = [each for each in topology.consumed_queues() if each.name == queue]
    return {binding.key.partition(".")[0] for binding in found.bindings}


@pytest.mark.parametrize("faults", [False, True], ids=["in production settings", "with faults enabled"])
async def test_whatever_a_user_tries_nothing_happens_but_what_is_theirs_to_say(
    stack: Stack, *, faults: bool
) -> None:
    async with house(stack, faults=faults) as built:
        plan = await built.plan()
        for user in built.topology.services:
            before, after = f"before {user}", f"after {user}"
            await built.put_in_every_queue(before)
            await Intruder(built.topology, user).try_everything(built.url(user))
            await built.put_in_every_queue(after)
            assert await built.plan() == plan, f"{user} changed what is declared"
            found = {queue: await built.senders(queue, until=after) for queue in built.queues}
            own = {queue for queue in built.queues if queue.startswith(f"{user}.")}
            assert {queue for queue in found if before not in found[queue]} <= own
            assert {queue for queue in found if user in found[queue]} - own == {
                queue for queue in found if user in says_in(built.topology, queue, faults=faults)
            }
