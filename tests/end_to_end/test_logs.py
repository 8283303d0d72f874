"""The log of a message that could not be handled leads to its saga and its trace."""

from uuid import uuid4

from infra.launcher.native.stack import Stack
from poison import INCOMPLETE, STEP, dead_letter, publish
from shop import Shop
from waiting import eventually

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


async def test_the_broker_warns_of_no_deprecated_feature(stack: Stack) -> None:
    """RabbitMQ 3.10 knows of none; from 3.13 on it warns where one is used, and ours is permitted."""
    files = stack.home.logs.glob("rabbitmq.log*")  # the older ones too, which hold its start
    lines = [line for file in files for line in file.read_text(errors="replace").splitlines()]
    assert any("RabbitMQ" in line or "accepting AMQP connection" in line for line in lines)
    assert not [line for line in lines if "deprecated" in line]


async def test_a_message_that_failed_is_logged_with_its_id_its_saga_and_its_trace(shop: Shop) -> None:
    saga_id = str(uuid4())
    headers = {**STEP, "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    poison = {**INCOMPLETE, "headers": headers, "correlation_id": saga_id}
    message_id = await publish(shop, "payment.commands", poison)
    await dead_letter(shop, "payment", message_id, within=10)

    async def told() -> list[str]:
        lines = shop.stack.home.log("payment").read_text().splitlines()
        return [line for line in lines if "set aside" in line and message_id in line]

    (line,) = await eventually(told, until=bool)  # it is logged once the letter is committed
    assert f"saga_id={saga_id}" in line
    assert f"trace_url={shop.stack.traces.url}/trace/{TRACE}" in line
