"""What a process's fault switches do to a delivery and to a publish, and that it ends by itself."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from counterstep.chaos.switches import FaultSwitches
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.protocol.control import Faults, SwitchFaults
from envelopes import delivered
from travel.topology import TRAVEL

BRIEFLY = timedelta(milliseconds=200)
SOON = 10  # seconds; what has not come by then does not come


class Receiver:
    """The consumer that handles the deliveries."""

    def __init__(self) -> None:
        self.received: asyncio.Queue[Delivery] = asyncio.Queue()

    async def receive(self, delivery: Delivery) -> None:
        self.received.put_nowait(delivery)

    async def next(self) -> Delivery:
        async with asyncio.timeout(SOON):
            return await self.received.get()


@pytest.fixture
def switches() -> FaultSwitches:
    return FaultSwitches("hotel", "amqp://nobody@127.0.0.1:1/none", TRAVEL.services)


def switch(switches: FaultSwitches, faults: Faults) -> datetime:
    """Send the process the message; returns when the fault ends."""
    now = datetime.now(UTC)
    message = SwitchFaults(
        services=("hotel",),
        faults=faults,
        switched_at=now,
        ends_at=now + BRIEFLY,
        by="grace",
        reason="to see it",
    )
    switches.board.apply(message)
    return message.ends_at


async def test_without_a_fault_a_delivery_is_received_once_and_at_once(switches: FaultSwitches) -> None:
    receiver, delivery = Receiver(), delivered()
    await switches.middleware.receive(receiver.receive)(delivery)
    assert receiver.received.get_nowait() is delivery
    assert receiver.received.empty()


async def test_a_duplicated_delivery_is_received_a_second_time_as_another_of_the_same_message(
    switches: FaultSwitches,
) -> None:
    receiver, delivery = Receiver(), delivered()
    switch(switches, Faults(duplicates=True))
    await switches.middleware.receive(receiver.receive)(delivery)
    assert await receiver.next() is delivery
    again = await receiver.next()
    assert again is not delivery
    assert (again.queue, again.envelope, again.origin) == (delivery.queue, delivery.envelope, delivery.origin)


async def test_a_silent_service_receives_nothing_until_its_silence_has_ended_by_itself(
    switches: FaultSwitches,
) -> None:
    receiver, delivery = Receiver(), delivered()
    ends_at = switch(switches, Faults(silent=True))
    await switches.middleware.receive(receiver.receive)(delivery)
    assert await receiver.next() is delivery
    assert datetime.now(UTC) >= ends_at


async def test_a_slow_service_receives_each_delivery_later(switches: FaultSwitches) -> None:
    receiver, clock = Receiver(), asyncio.get_running_loop().time
    switch(switches, Faults(slow_seconds=0.1))
    delivered_at = clock()
    await switches.middleware.receive(receiver.receive)(delivered())
    await receiver.next()
    assert clock() - delivered_at >= 0.1


async def test_a_paused_service_may_publish_again_when_its_pause_has_ended_by_itself(
    switches: FaultSwitches,
) -> None:
    ends_at = switch(switches, Faults(paused=True))
    async with asyncio.timeout(SOON):
        await switches.middleware.permit()
    assert datetime.now(UTC) >= ends_at
