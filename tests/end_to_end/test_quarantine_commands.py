"""A message that the broker will not take, as an operator meets it: API, `saga quarantine` and console."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import asyncpg
import command
import pytest
from browser import browsing, needs_browser
from console_page import page_of, sign_in
from counterstep.http.roles import Role
from faults.switched import switched
from infra.launcher.native.stack import Stack
from playwright.async_api import expect
from shop import Shop
from typer.testing import Result
from waiting import eventually

Saga: TypeAlias = Callable[..., Awaitable[Result]]
Write: TypeAlias = Callable[..., Awaitable[str]]

FORBIDDEN = "commands"
"""An exchange that payment may not write to."""
INSERT = """
INSERT INTO outbox (message_id, saga_id, type, exchange, routing_key, headers, body, lease, leased_until)
VALUES ($1, $1, $2, $3, 'inventory.release_stock', '{}', '{"card": "4711"}', $1, now())
"""


@pytest.fixture
def saga(stack: Stack) -> Saga:
    """Run `saga quarantine` with these words."""
    return partial(command.saga, stack, "quarantine")


@pytest.fixture
async def database(stack: Stack) -> AsyncIterator[asyncpg.Connection]:
    """Payment's database, which is left without messages in quarantine."""
    connection = await asyncpg.connect(stack.database_url("payment"))
    yield connection
    await connection.execute("DELETE FROM outbox_quarantine")
    await connection.close()


@pytest.fixture
def write(database: asyncpg.Connection, shop: Shop) -> Write:
    """Write a row to payment's outbox that ends in quarantine; gives the id of its message."""

    async def written(type_: str = "payment.strange", *, exchange: str = FORBIDDEN) -> str:
        message_id = uuid4()
        await database.execute(INSERT, message_id, type_, exchange)
        await in_quarantine(shop, str(message_id))
        return str(message_id)

    return written


async def in_quarantine(shop: Shop, message_id: str, *, tries: int = 1) -> Any:
    """The message, as soon as it waits in payment's quarantine after this many tries."""

    async def read() -> Any:
        return (await shop.call("GET", "payment", f"/outbox/quarantine/{message_id}")).json()

    return await eventually(read, until=lambda seen: (seen.get("status"), seen.get("tries")) == ("waiting", tries))


async def listed(saga: Saga, *words: str) -> set[str]:
    result = await saga("list", "--json", *words)
    return {each["message_id"] for each in json.loads(result.output)}


async def test_a_message_is_listed_with_its_address_and_the_brokers_reason(saga: Saga, write: Write) -> None:
    message_id = await write()
    result = await saga("list", "--service", "payment")
    assert result.exit_code == 0
    for expected in (message_id, "payment.strange", "commands inventory.release_stock", "ACCESS_REFUSED"):
        assert expected in result.output
    assert message_id in await listed(saga)
    assert message_id not in await listed(saga, "--service", "order")


async def test_a_message_is_shown_whole_whichever_service_has_it(saga: Saga, write: Write) -> None:
    message_id = await write()
    assert "ACCESS_REFUSED" in (await saga("show", message_id)).output
    assert "card" in json.loads((await saga("show", message_id, "--json")).output)["body"]


async def test_a_retried_message_comes_back_where_nothing_has_changed(
    saga: Saga, shop: Shop, write: Write
) -> None:
    message_id = await write()
    result = await saga("retry", message_id, "--reason", "a test")
    assert (result.exit_code, result.output) == (0, f"{message_id} of payment is retried.\n")
    found = await in_quarantine(shop, message_id, tries=2)
    assert found["settled_by"] is None


async def test_many_are_retried_by_type_and_what_cannot_be_sent_stays(
    saga: Saga, shop: Shop, write: Write
) -> None:
    first, second = await write("payment.first"), await write("payment.second")
    unsendable = await write("x" * 300, exchange="replies")
    result = await saga("retry", "--type", "payment.first", "--json")
    assert json.loads(result.output)["payment"] == 1
    await in_quarantine(shop, first, tries=2)
    result = await saga("retry", "--service", "payment", "--json")
    assert json.loads(result.output)["payment"] == 2
    await in_quarantine(shop, second, tries=2)
    await in_quarantine(shop, unsendable, tries=1)


async def test_what_amqp_cannot_carry_is_refused_with_the_reason(saga: Saga, write: Write) -> None:
    result = await saga("retry", await write("x" * 300, exchange="replies"))
    assert result.exit_code == 1
    assert "type is 300 bytes long" in result.stderr


async def test_a_retried_message_arrives_once_its_place_is_right(
    saga: Saga, stack: Stack, database: asyncpg.Connection, write: Write
) -> None:
    message_id = await write()
    await database.execute(
        "UPDATE outbox_quarantine SET exchange = 'replies', routing_key = 'orchestrator' WHERE message_id = $1",
        UUID(message_id),
    )
    await saga("retry", message_id, "--reason", "the permission is there")

    async def waiting() -> Any:
        return await database.fetchval("SELECT count(*) FROM outbox")

    await eventually(waiting, until=(0).__eq__)
    assert message_id in await listed(saga, "--status", "retried")
    orchestrator = await asyncpg.connect(stack.database_url("orchestrator"))
    try:
        arrived = "SELECT count(*) FROM dead_letters WHERE message_id = $1"  # nobody awaits such a reply
        await eventually(lambda: orchestrator.fetchval(arrived, UUID(message_id)), until=(1).__eq__)
        await orchestrator.execute("DELETE FROM dead_letters WHERE message_id = $1", UUID(message_id))
    finally:
        await orchestrator.close()


async def test_a_message_is_discarded_once_with_its_reason_on_record(saga: Saga, write: Write) -> None:
    message_id = await write()
    result = await saga("discard", message_id, "--reason", "a test", "--json")
    assert json.loads(result.output)["settled_because"] == "a test"
    assert message_id in await listed(saga, "--status", "discarded")
    again = await saga("retry", message_id)
    assert again.exit_code == 1
    assert f"message {message_id} is discarded already (409)" in again.stderr


async def test_the_quarantine_is_an_alert_of_saga_status_until_it_is_settled(
    saga: Saga, stack: Stack, write: Write
) -> None:
    message_id = await write()
    alert = "payment has messages in quarantine: 1"
    assert alert in (await command.saga(stack, "status")).output
    await saga("discard", message_id, "--reason", "a test")
    assert alert not in (await command.saga(stack, "status")).output


async def test_a_service_that_is_not_ready_is_asked_for_its_alerts_too(
    stack: Stack, shop: Shop, write: Write
) -> None:
    await write()
    async with switched(shop, ["payment"], paused=True):

        async def health() -> Any:
            return (await shop.call("GET", "payment", "/health/ready")).status_code

        await eventually(health, until=(503).__eq__)
        assert "payment has messages in quarantine: 1" in (await command.saga(stack, "status")).output


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["discard", "01980000-0000-7000-8000-000000000000"], "Missing option '--reason'"),
        (["retry"], "give one message id, or choose several"),
        (["show", "4711"], "must be a UUID"),
    ],
)
async def test_an_invalid_command_is_explained(saga: Saga, words: list[str], expected: str) -> None:
    result = await saga(*words)
    assert result.exit_code == 2
    assert expected in " ".join(result.stderr.replace("│", " ").split())


async def test_an_unknown_message_is_reported_with_where_to_find_others(saga: Saga) -> None:
    result = await saga("show", "01980000-0000-7000-8000-000000000000")
    assert result.exit_code == 1
    assert "saga quarantine list` shows the messages" in result.stderr


@needs_browser
async def test_an_operator_discards_a_message_in_the_console(stack: Stack, saga: Saga, write: Write) -> None:
    message_id = await write()
    async with browsing() as browser, page_of(stack, browser) as page:
        await sign_in(page, stack.token(Role.OPERATOR, "grace"), "/messages/quarantine")
        row = page.locator(f"#quarantined-{message_id}")
        await expect(row).to_contain_text("ACCESS_REFUSED")
        await row.get_by_role("link", name="payment.strange").click()
        await page.get_by_label("Why?").fill("nobody needs it")
        await page.get_by_role("button", name="Discard").click()
        await expect(page.locator("h1")).to_contain_text("discarded")
    assert message_id in await listed(saga, "--status", "discarded")
