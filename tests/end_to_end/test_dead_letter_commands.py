"""`saga dead-letters`, as an operator types it."""

import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

import command
import pytest
from infra.launcher.native.stack import Stack
from poison import INCOMPLETE, dead_letter, publish
from shop import Shop
from typer.testing import Result

Saga: TypeAlias = Callable[..., Awaitable[Result]]


@pytest.fixture
def saga(stack: Stack) -> Saga:
    """Run `saga dead-letters` with these words."""
    return partial(command.saga, stack, "dead-letters")


@pytest.fixture
async def letter(shop: Shop) -> str:
    """A dead letter that waits with payment; gives its id."""
    message_id = await publish(shop, "payment.commands", INCOMPLETE)
    await dead_letter(shop, "payment", message_id, within=10)
    return message_id


async def listed(saga: Saga, *words: str) -> set[str]:
    result = await saga("list", "--limit", "1000", "--json", *words)
    return {each["message_id"] for each in json.loads(result.output)}


async def test_a_letter_that_waits_is_listed_with_where_and_why_it_died(saga: Saga, letter: str) -> None:
    result = await saga("list", "--service", "payment", "--limit", "1000")
    assert result.exit_code == 0
    assert all(
        expected in result.output for expected in (letter, "payment.commands", "payment.authorize_payment.v1")
    )


async def test_a_letter_is_listed_under_its_own_service_only(saga: Saga, letter: str) -> None:
    assert letter in await listed(saga)
    assert letter in await listed(saga, "--service", "payment")
    assert letter not in await listed(saga, "--service", "order")


async def test_a_letter_is_shown_whole_whichever_service_has_it(saga: Saga, letter: str) -> None:
    result = await saga("show", letter)
    assert result.exit_code == 0
    assert "Field required" in result.output or "missing" in result.output
    assert json.loads((await saga("show", letter, "--json")).output)["body"] == "{}"


async def test_what_a_stranger_sent_does_not_steer_the_terminal(saga: Saga, shop: Shop) -> None:
    letter = await publish(shop, "payment.commands", {**INCOMPLETE, "body": b"\x1b[2Jgone"})
    await dead_letter(shop, "payment", letter, within=10)
    assert "\\x1b[2Jgone" in (await saga("show", letter)).output


async def test_a_redriven_letter_comes_back_when_its_cause_was_not_fixed(
    saga: Saga, shop: Shop, letter: str
) -> None:
    result = await saga("replay", letter, "--reason", "mended")
    assert (result.exit_code, result.output) == (0, f"{letter} of payment is replayed.\n")
    assert (await dead_letter(shop, "payment", letter, within=10))["deaths"] == 2


async def test_many_are_replayed_by_type(saga: Saga, shop: Shop, letter: str) -> None:
    result = await saga("replay", "--type", INCOMPLETE["type"], "--limit", "1000", "--json")
    assert json.loads(result.output)["payment"] >= 1
    assert (await dead_letter(shop, "payment", letter, within=10))["deaths"] == 2


async def test_a_letter_is_discarded_once_with_its_reason_on_record(saga: Saga, letter: str) -> None:
    result = await saga("discard", letter, "--reason", "a test", "--json")
    assert json.loads(result.output)["settled_because"] == "a test"
    assert letter in await listed(saga, "--status", "discarded")
    again = await saga("discard", letter, "--reason", "again")
    assert again.exit_code == 1
    assert f"dead letter {letter} is discarded already (409)" in again.stderr


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["discard", "01980000-0000-7000-8000-000000000000"], "Missing option '--reason'"),
        (["replay"], "give one message id, or choose several"),
        (["replay", "01980000-0000-7000-8000-000000000000", "--all"], "give one message id, or choose several"),
        (["show", "4711"], "must be a UUID"),
        (["list", "--limit", "0"], "must be at least 1"),
    ],
)
async def test_an_invalid_command_is_explained(saga: Saga, words: list[str], expected: str) -> None:
    result = await saga(*words)
    assert result.exit_code == 2
    assert expected in " ".join(result.stderr.replace("│", " ").split())


async def test_an_unknown_dead_letter_is_reported_with_where_to_find_others(saga: Saga) -> None:
    result = await saga("show", "01980000-0000-7000-8000-000000000000")
    assert result.exit_code == 1
    assert "saga dead-letters list` shows the letters" in result.stderr


async def test_an_unknown_service_is_reported_with_the_known_ones(saga: Saga) -> None:
    result = await saga("list", "--service", "warehouse")
    assert result.exit_code == 2
    assert "there is no service warehouse; the services are order, inventory" in result.stderr
