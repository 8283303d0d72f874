"""The shop in real containers: orders, a silent service, crashes, a trace, and what a container may do."""

import asyncio
import json

import pytest
from books import assert_balanced
from contracts.topology import SERVICES
from docker_command import crash, docker, inside, inspected
from infra.launcher.containers.containers import Containers
from shop import PLENTY, PRICE, Shop
from traces import Traces
from waiting import eventually

SLOW = 240.0  # seconds; a container that starts again does so on a busy machine
EVERY_SERVICE = pytest.mark.parametrize("part", [*SERVICES, "console"])
pytestmark = pytest.mark.timeout(900)


async def test_orders_end_as_they_must_and_the_books_balance(shop: Shop) -> None:
    lamp, desk = await shop.stocked("lamp", 5), await shop.stocked("desk", 1_000)
    ada, bob = await shop.customer("ada", PLENTY), await shop.customer("bob", PRICE)
    wanted = [(ada, {lamp: 1, desk: 1}), (bob, {desk: 1}), (ada, {desk: 2})]
    placed = await asyncio.gather(*(shop.place(*wanted[nth % 3]) for nth in range(30)))
    orders = await shop.all_ended(placed, within=SLOW)
    assert {order["status"] for order in orders} == {"confirmed", "rejected"}
    await assert_balanced(shop, orders, stocked={lamp: 5, desk: 1_000}, paid_in={ada: PLENTY, bob: PRICE})


async def test_a_client_can_wait_for_the_end_of_its_order(shop: Shop) -> None:
    lamp, ada = await shop.stocked("lamp", 5), await shop.customer("ada", PLENTY)
    answer = await shop.post_order(ada, {lamp: 1}, headers={"Prefer": "wait=25"})
    assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_silent_service_is_waited_for_and_then_the_order_is_undone(
    shop: Shop, containers: Containers
) -> None:
    lamp, ada = await shop.stocked("lamp", 5), await shop.customer("ada", PLENTY)
    await asyncio.to_thread(containers.stop, "payment")
    try:
        order_id = await shop.place(ada, {lamp: 1})
        saga_id = (await shop.order(order_id))["saga_id"]
        await eventually(
            lambda: shop.saga(saga_id), until=lambda saga: saga["status"] == "compensating", within=SLOW
        )
    finally:
        await asyncio.to_thread(containers.start, "payment")
    order = await shop.ended(order_id, within=SLOW)
    assert order["status"] == "rejected"
    await assert_balanced(shop, [order], stocked={lamp: 5}, paid_in={ada: PLENTY})


@pytest.mark.parametrize("victim", [*SERVICES, "rabbitmq", "postgres"])
async def test_what_is_killed_under_load_comes_back_and_no_order_is_lost(
    shop: Shop, containers: Containers, victim: str
) -> None:
    lamp, ada = await shop.stocked("lamp", 1_000), await shop.customer("ada", PLENTY)
    before = inspected(containers, victim)["RestartCount"]
    placing = [asyncio.create_task(shop.place(ada, {lamp: 1})) for _ in range(60)]
    await asyncio.wait(placing[:20])
    crash(containers, victim)
    orders = await shop.all_ended(await asyncio.gather(*placing), within=SLOW)
    assert {order["status"] for order in orders} == {"confirmed"}
    assert inspected(containers, victim)["RestartCount"] == before + 1
    await assert_balanced(shop, orders, stocked={lamp: 1_000}, paid_in={ada: PLENTY})


async def test_the_trace_of_an_order_reaches_every_service(shop: Shop, traces: Traces) -> None:
    lamp, ada = await shop.stocked("lamp", 5), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {lamp: 1}), within=SLOW)
    saga = await shop.saga_ended(order["saga_id"])
    trace = await traces.of_saga(saga)
    assert {span.service for span in trace.spans} == set(SERVICES)
    assert not any(span.failed for span in trace.spans)


@EVERY_SERVICE
def test_a_service_runs_without_rights_and_writes_nothing_but_its_scratch_space(
    containers: Containers, part: str
) -> None:
    status = inside(containers, part, "id -u; cat /proc/1/status").stdout
    assert status.splitlines()[0] == "10001"
    assert "CapEff:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status
    assert inside(containers, part, "touch /tmp/x && rm /tmp/x").returncode == 0
    assert "Read-only file system" in inside(containers, part, "touch /app/x").stderr


@EVERY_SERVICE
def test_a_service_sees_its_own_secret_and_no_other(containers: Containers, part: str) -> None:
    assert inside(containers, part, "ls /run/secrets").stdout.split() == [f"{part}.env"]
    passwords = {path.read_text() for path in (containers.home.path / "secrets").iterdir()}
    told = json.dumps(inspected(containers, part)["Config"])
    assert not any(password in told for password in passwords)


async def test_a_health_check_fails_while_the_service_has_no_broker(containers: Containers) -> None:
    probe = "python -m counterstep.http.probe"
    assert inside(containers, "order", probe).returncode == 0
    await asyncio.to_thread(containers.stop, "rabbitmq")
    try:

        async def unready() -> int:
            done = await asyncio.to_thread(inside, containers, "order", probe)
            return done.returncode

        await eventually(unready, until=bool, within=SLOW)
    finally:
        await asyncio.to_thread(containers.start, "rabbitmq")
    await eventually(unready, until=lambda status: status == 0, within=SLOW)


async def test_down_and_up_keep_what_was_ordered_and_clean_leaves_nothing(
    shop: Shop, containers: Containers
) -> None:
    lamp, ada = await shop.stocked("lamp", 5), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {lamp: 1}), within=SLOW)
    await asyncio.to_thread(containers.down)
    assert containers.running() == []
    await asyncio.to_thread(containers.up)
    assert (await shop.order(order["order_id"]))["status"] == "confirmed"
    await asyncio.to_thread(containers.clean)
    ours = containers.home.fingerprint
    for listing in (("ps", "--all"), ("volume", "ls"), ("network", "ls"), ("image", "ls")):
        assert ours not in docker(*listing).stdout
