"""`saga sagas`, `saga trace`, `saga definitions` and `saga open`, as a person types them."""

import json
from pathlib import Path
from typing import Any

import pytest
from command import saga
from infra.launcher.native.stack import Stack
from outages import stopped, waiting_for_payment
from shop import PLENTY, Shop
from traces import Traces

NOBODY = "01980000-0000-7000-8000-000000000000"


async def confirmed(shop: Shop) -> Any:
    """An order that has ended well."""
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    order = await shop.ended(await shop.place(ada, {sku: 1}))
    await shop.saga_ended(order["saga_id"])
    return order


async def rejected(shop: Shop) -> Any:
    """An order whose customer cannot pay."""
    sku, diogenes = await shop.stocked("lamp", 10), await shop.customer("diogenes", 0)
    order = await shop.ended(await shop.place(diogenes, {sku: 1}))
    await shop.saga_ended(order["saga_id"])
    return order


async def test_a_saga_is_found_by_its_own_id_and_by_its_order_s(shop: Shop, stack: Stack) -> None:
    order = await confirmed(shop)
    for known in (order["saga_id"], order["order_id"]):
        shown = json.loads((await saga(stack, "sagas", "show", known, "--json")).output)
        assert (shown["saga_id"], shown["key"]) == (order["saga_id"], order["order_id"])
    listed = json.loads((await saga(stack, "sagas", "list", "--order", order["order_id"], "--json")).output)
    assert [each["saga_id"] for each in listed] == [order["saga_id"]]
    of_others = await saga(stack, "sagas", "list", "--order", order["order_id"], "--status", "compensated")
    assert of_others.output == "No saga matches.\n"


async def test_following_a_saga_ends_with_it_and_shows_the_way_forward_and_back(shop: Shop, stack: Stack) -> None:
    order = await rejected(shop)
    result = await saga(stack, "sagas", "watch", order["order_id"])
    assert result.exit_code == 0
    reserved, authorized = (
        next(line for line in result.output.splitlines() if line.startswith(step))
        for step in ("reserve stock", "authorize payment")
    )
    assert "✓" in reserved
    assert "↩" in reserved
    assert "✗" in authorized
    assert "insufficient funds" in authorized


async def test_a_program_follows_a_saga_line_by_line(shop: Shop, stack: Stack) -> None:
    order = await confirmed(shop)
    result = await saga(stack, "sagas", "watch", order["saga_id"], "--json")
    events = [json.loads(line)["event"] for line in result.output.splitlines()]
    assert (events[0], events[-1]) == ("started", "completed")


async def test_an_operator_retries_and_compensates_with_a_reason_that_is_kept(shop: Shop, stack: Stack) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        order = await waiting_for_payment(shop, ada, sku)
        for act in ("retry", "compensate"):
            result = await saga(stack, "sagas", act, order["order_id"], "--reason", f"{act} it")
            assert result.exit_code == 0, result.stderr
    acts = (await shop.saga_ended(order["saga_id"]))["acts"]
    assert [(act["act"], act["reason"]) for act in acts] == [
        ("retry", "retry it"),
        ("compensate", "compensate it"),
    ]
    shown = await saga(stack, "sagas", "show", order["saga_id"])
    assert all(expected in shown.output for expected in ("compensate it", "attempt 2", "Its trace: http://"))


async def test_an_order_is_cancelled_by_its_customer(shop: Shop, stack: Stack) -> None:
    sku, ada = await shop.stocked("lamp", 10), await shop.customer("ada", PLENTY)
    async with stopped(shop, "payment"):
        order = await waiting_for_payment(shop, ada, sku)
        cancelled = await saga(stack, "sagas", "cancel", order["saga_id"], "--reason", "too late")
        assert cancelled.exit_code == 0
    ended = await shop.ended(order["order_id"])
    assert (ended["status"], ended["reason"]) == ("cancelled", "too late")


async def test_an_impossible_act_is_refused_with_its_reason(shop: Shop, stack: Stack) -> None:
    order = await confirmed(shop)
    late = await saga(stack, "sagas", "retry", order["saga_id"], "--reason", "a test")
    assert (late.exit_code, "the saga has ended, completed" in late.stderr) == (1, True)
    unknown = await saga(stack, "sagas", "show", NOBODY)
    assert (unknown.exit_code, f"there is no saga and no order {NOBODY}" in unknown.stderr) == (1, True)
    assert (await saga(stack, "sagas", "compensate", order["saga_id"])).exit_code == 2


async def test_an_order_s_trace_is_a_tree_in_the_terminal(shop: Shop, stack: Stack, traces: Traces) -> None:
    order = await rejected(shop)
    await traces.of_saga(await shop.saga(order["saga_id"]))
    result = await saga(stack, "trace", order["order_id"])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    (root,) = (number for number, line in enumerate(lines) if line.strip().startswith("POST /orders"))
    assert lines[root + 1].strip().startswith("├ send events.order:order.order_placed")
    assert "saga.step authorize_payment refused: insufficient funds" in result.output
    assert "✗" not in result.output
    spans = json.loads((await saga(stack, "trace", order["saga_id"], "--json")).output)["spans"]
    assert f"Spans: {len(spans)}." in result.output


async def test_the_definitions_are_shown_and_drawn(stack: Stack) -> None:
    shown = await saga(stack, "definitions")
    lines = shown.output.splitlines()
    pivots = [line for line in lines if "point of no return" in line]
    assert len(pivots) == sum(" version " in line for line in lines) > 1
    assert all(pivot.startswith("capture payment") for pivot in pivots)
    drawn = await saga(stack, "definitions", "--diagram", "sequence")
    assert drawn.output.startswith("sequenceDiagram")


async def test_a_page_is_printed_and_opened_in_the_user_s_browser(
    stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >{opened}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    result = await saga(stack, "open", "traces")
    assert result.output == f"{stack.traces.url}\n"
    assert opened.read_text() == result.output
    assert "there is no page moon; the pages are" in (await saga(stack, "open", "moon")).stderr


async def test_nothing_is_reset_that_was_not_confirmed(shop: Shop, stack: Stack) -> None:
    sku = await shop.stocked("lamp", 10)
    assert (await saga(stack, "reset")).exit_code == 1
    assert (await shop.stock(sku))["on_hand"] == 10
