"""`saga demo` and `saga load`: traffic that somebody can watch."""

import asyncio
import json

import pytest
from command import saga
from infra.demo import seeding
from infra.demo.stories import STORIES
from infra.launcher.native.stack import Stack
from waiting import eventually


@pytest.fixture
def stocked(stack: Stack) -> None:
    seeding.seed(stack)


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(("number", "expected"), [(1, "is confirmed"), (2, "on hand"), (3, "insufficient funds")])
async def test_a_story_ends_as_intended_and_says_where_to_read_on(
    stack: Stack, number: int, expected: str
) -> None:
    result = await saga(stack, "demo", str(number))
    assert result.exit_code == 0, result.stderr
    assert expected in result.output
    assert f"trace  {stack.traces.url}/trace/" in result.output


@pytest.mark.usefixtures("stocked")
async def test_the_silent_service_runs_again_once_its_saga_was_aborted(stack: Stack) -> None:
    async def under_way() -> set[str]:
        found = await saga(stack, "sagas", "list", "--status", "running", "--json")
        return {each["saga_id"] for each in json.loads(found.output)}

    others = await under_way()
    telling = asyncio.create_task(saga(stack, "demo", "4"))
    await eventually(lambda: asyncio.to_thread(stack.running), until=lambda running: "payment" not in running)
    (saga_id,) = (await eventually(under_way, until=lambda found: bool(found - others))) - others
    hurried = await saga(stack, "sagas", "compensate", saga_id, "--reason", "not to wait for thirty seconds")
    assert hurried.exit_code == 0, hurried.stderr
    result = await telling
    assert (result.exit_code, STORIES[3].look_at in " ".join(result.output.split())) == (0, True), result.output
    assert "payment" in await asyncio.to_thread(stack.running)


async def test_every_order_of_a_load_ends_as_it_was_meant_to(stack: Stack) -> None:
    mix = "confirmed=60,no_stock=20,no_money=20"
    result = await saga(stack, "load", "--rate", "20", "--seconds", "2", "--mix", mix, "--json")
    report = json.loads(result.output)
    assert (report["offered"], report["accepted"], report["ended"]) == (40, 40, 40)
    assert (report["unplanned"], report["errors"], report["pending"]) == (0, {}, 0)
    assert report["outcomes"].keys() == {"confirmed", "no_stock", "no_money"}
    assert 0 < report["p50_ms"] <= report["p95_ms"]
    assert result.exit_code == (0 if report["kept_the_rate"] else 1)


@pytest.mark.parametrize("mix", ["confirmed=80,stolen=20", "confirmed=lots", "confirmed=0"])
async def test_an_invalid_mix_is_explained(stack: Stack, mix: str) -> None:
    result = await saga(stack, "load", "--mix", mix)
    assert (result.exit_code, "Invalid value for --mix" in result.stderr) == (2, True)
