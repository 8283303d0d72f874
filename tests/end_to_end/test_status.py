"""`saga status`, as an operator types it."""

import asyncio
import json
from typing import Any

import httpx2
from command import saga
from contracts.topology import SHOP
from faults.broker import unbound
from infra.cli.app import app
from infra.launcher.native.stack import Stack
from outages import stopped
from poison import INCOMPLETE, dead_letter, publish
from shop import PLENTY, Shop
from typer.testing import CliRunner
from waiting import eventually


async def seen(stack: Stack) -> Any:
    return json.loads((await saga(stack, "status", "--json")).output)


async def alerts(stack: Stack) -> list[tuple[str, str]]:
    return [(alert["what"], alert["runbook"]) for alert in (await seen(stack))["alerts"]]


async def test_every_part_and_every_queue_is_shown(stack: Stack) -> None:
    expected = ("orchestrator", "payment.commands", "orchestrator.replies", "memory", "running")
    result = await eventually(
        lambda: saga(stack, "status"), until=lambda result: all(shown in result.output for shown in expected)
    )
    assert result.exit_code == 0


async def test_a_healthy_broker_raises_no_alert(stack: Stack) -> None:
    async def read() -> set[str]:
        return {runbook for _, runbook in await alerts(stack)}

    letters = {"docs/runbooks/dead-letters.md", "docs/runbooks/forged-messages.md"}  # of the tests before this one
    await eventually(read, until=lambda seen: seen <= letters)


async def test_a_program_reads_the_same(stack: Stack) -> None:
    status = await seen(stack)
    assert all(part["usable"] for part in status["parts"])
    assert {queue["name"] for queue in status["broker"]["queues"]} >= {"payment.commands", "orchestrator.events"}
    assert not status["broker"]["node"]["memory_alarm"]


async def test_a_queue_that_nobody_consumes_raises_an_alert_with_its_runbook(shop: Shop, stack: Stack) -> None:
    expected = ("nobody consumes inventory.commands", "docs/runbooks/no-consumer.md")
    async with stopped(shop, "inventory"):
        await eventually(lambda: alerts(stack), until=lambda found: expected in found)
        assert (await saga(stack, "status")).exit_code == 1


async def test_a_dead_letter_that_waits_raises_an_alert(shop: Shop, stack: Stack) -> None:
    message_id = await publish(shop, "payment.commands", INCOMPLETE)
    await dead_letter(shop, "payment", message_id, within=10)
    assert any(what.startswith("payment has dead letters: ") for what, _ in await alerts(stack))


async def test_where_nothing_runs_every_part_is_stopped(stack: Stack) -> None:
    nowhere = str(stack.home.path / "nowhere")
    result = await asyncio.to_thread(
        lambda: CliRunner().invoke(app, ["status", "--json"], env={"COUNTERSTEP_RUN": nowhere})
    )
    assert result.exit_code == 1
    assert not any(part["usable"] for part in json.loads(result.output)["parts"])
    assert not (stack.home.path / "nowhere").exists()


async def test_the_broker_s_own_metrics_name_every_queue(stack: Stack) -> None:
    async with httpx2.AsyncClient() as client:
        metrics = await client.get(f"http://127.0.0.1:{stack.ports.broker_metrics}/metrics/per-object")
    for queue in SHOP.consumed_queues():
        assert f'rabbitmq_queue_messages_ready{{vhost="counterstep",queue="{queue.name}"}}' in metrics.text


async def test_a_message_that_finds_no_queue_is_kept_counted_and_alarmed_and_goes_out_when_one_is_there(
    shop: Shop,
) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)

    async def refused() -> int:
        return int((await shop.get("order", "/outbox"))["refused"])

    events = next(queue for queue in SHOP.consumed_queues() if queue.name == "orchestrator.events")
    async with unbound(shop.stack, events):
        order_id = await shop.place(ada, {sku: 1})
        await eventually(refused, until=(1).__eq__)
        expected = ("messages of order that the broker would not take: 1", "docs/runbooks/outbox.md")
        assert expected in await alerts(shop.stack)
    assert (await shop.ended(order_id))["status"] == "confirmed"
    await eventually(refused, until=(0).__eq__)
