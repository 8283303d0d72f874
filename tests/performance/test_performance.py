"""The benchmark's own arithmetic, and that it measures what a real stack does."""

import asyncio
from dataclasses import dataclass, field, replace
from itertools import islice

import pytest
import typer
from counterstep.client import ProblemError
from infra.launcher.native.stack import Stack
from infra.load.measurements import outcome_of
from infra.load.mix import Mix

from performance.alternating import alternate
from performance.client import client
from performance.closed_loop import ClosedLoop
from performance.commands import options
from performance.floors.database import shares
from performance.looking import Looking
from performance.meters import Reading
from performance.report import best
from performance.results import Latency, Level, Machine, Results, Round
from performance.round import Load, System
from performance.spread import Spread

ALONE = Level(at_once=1)
MIX = Mix.parse("confirmed=80,no_stock=10,no_money=10")


def measured(
    system: str = "ours", level: Level = ALONE, *, ended: int = 20, counted: dict[str, float] | None = None
) -> Round:
    latency = Latency(p50=1, p95=2, p99=3, mean=1)
    return Round(system=system, level=level, seconds=10, ended=ended, latency=latency, counted=counted or {})


def results(*rounds: Round) -> Results:
    machine = Machine(cpu="", cores=1, memory_gib=1, system="", python="", postgres="", rabbitmq="")
    return Results(measured_at="", revision="", machine=machine, mix="", rounds=list(rounds))


def test_a_ratio_is_taken_round_by_round() -> None:
    """A machine that was half as fast in the second round changes neither system's worth."""
    assert Spread.of_ratios([10, 5], [20, 10]) == Spread(median=0.5, least=0.5, most=0.5)


def test_a_ratio_needs_as_many_rounds_of_either() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Spread.of_ratios([10, 5], [20])


def test_a_spread_is_written_with_three_digits_that_count() -> None:
    assert str(Spread.of([1234.5, 0.98765, 12.345])) == "12.3 (0.988 to 1,234)"
    assert str(Spread.of([7.0])) == "7"


def test_latencies_are_nearest_ranks_in_milliseconds() -> None:
    latency = Latency.of([number / 1000 for number in range(1, 101)])
    assert (latency.p50, latency.p95, latency.p99, latency.mean) == pytest.approx((50, 95, 99, 50.5))


def test_the_first_look_finds_the_median() -> None:
    looking, times = Looking(at_once=1), [0.05, 0.1, 0.2] * 200
    for time in times:
        looking.found(ended=time <= looking.first)
    assert looking.first == pytest.approx(0.1, rel=0.06)


@pytest.mark.parametrize("at_once", [1, 64, 256])
def test_looks_that_all_come_too_early_do_not_put_the_next_far_off(at_once: int) -> None:
    looking = Looking(at_once)
    guess = looking.first
    for _ in range(at_once):
        looking.found(ended=False)
    assert looking.first < 2 * guess


def test_costs_are_those_of_one_saga() -> None:
    counted = {"cpu.order": 0.1, "cpu.client": 0.2, "broker.published": 220.0, "postgres.commits": 100.0}
    found = measured(ended=20, counted=counted)
    assert found.cpu_ms == pytest.approx({"order": 5, "client": 10})
    assert found.system_cpu_ms == pytest.approx(5)
    assert found.per_saga == pytest.approx({"broker.published": 11, "postgres.commits": 5})


def test_a_queue_without_a_batch_has_no_batch_size() -> None:
    found = measured(counted={"batches.busy": 2, "batched.busy": 9, "batches.idle": 0, "batched.idle": 0})
    assert found.batch_sizes == {"busy": 4.5}


def test_a_counter_that_is_new_began_at_nothing() -> None:
    assert Reading(2, {"old": 5, "new": 3}).since(Reading(1, {"old": 4})) == {"old": 1, "new": 3}


def test_the_best_level_is_the_one_where_most_end() -> None:
    rounds = (
        measured(level=Level(at_once=at_once), ended=ended) for at_once, ended in ((1, 5), (8, 30), (64, 20))
    )
    assert best(results(*rounds), "ours") == Level(at_once=8)


def test_levels_come_in_their_order_and_closed_loops_first() -> None:
    levels = [Level(rate=50), Level(at_once=8), Level(rate=5), Level(at_once=1)]
    found = results(*(measured(level=level) for level in levels))
    assert found.levels == [Level(at_once=1), Level(at_once=8), Level(rate=5), Level(rate=50)]


@pytest.mark.parametrize("each", [0.2, 1.0, 2.7])
def test_whole_shares_add_up(each: float) -> None:
    given = list(islice(shares(each), 1000))
    assert sum(given) == pytest.approx(1000 * each, abs=1)
    assert max(given) - min(given) <= 1


@pytest.mark.parametrize("text", ["", "one", "0", "1,,2", "-1"])
def test_levels_that_are_none_are_refused_in_one_line(text: str) -> None:
    with pytest.raises(typer.BadParameter, match="whole numbers such as"):
        options.levels(text)


def test_rates_may_be_left_to_the_benchmark() -> None:
    assert options.rates("") == []
    assert options.rates("5,7.5") == [Level(rate=5), Level(rate=7.5)]


@dataclass
class Recorder:
    """A system that writes down when its turn was."""

    name: str
    turns: list[str] = field(default_factory=list)

    def warm_up(self, load: Load) -> None:
        del load

    def measure(self, level: Level, load: Load) -> Round:
        del load
        self.turns.append(f"{self.name}{level.at_once}")
        return measured(self.name, level)


def test_every_second_round_goes_backwards() -> None:
    turns: list[str] = []
    systems = [Recorder("a", turns), Recorder("b", turns)]
    levels = [Level(at_once=1), Level(at_once=8)]
    assert len(list(alternate(systems, levels, Load(MIX, 1, 1), rounds=2))) == 8
    assert turns == ["a1", "b1", "a8", "b8", "b8", "a8", "b1", "a1"]


async def test_a_closed_loop_follows_each_order_to_its_end(stack: Stack) -> None:
    system, orders = System("ours", stack), Load(MIX, seed=1, seconds=1).orders(12, 1)
    await asyncio.to_thread(system.fill, orders)
    async with client(stack) as lean:
        loop = ClosedLoop(lean, iter(orders), at_once=4)
        await loop.run()
        ends = await lean.ended_sagas(loop.sent)
    assert {saga_id: outcome_of(saga) for saga_id, saga in ends.items()} == {
        saga_id: each.order.fate for saga_id, each in loop.sent.items()
    }
    assert len(ends) == len(orders)


def test_a_round_reports_how_long_its_sagas_took(stack: Stack) -> None:
    found = System("ours", stack).measure(Level(rate=10), Load(MIX, seed=1, seconds=2))
    assert found.ended == sum(found.outcomes.values()) == 20
    assert 0 < found.latency.p50 <= found.latency.p99
    busy = {name for name, cpu in found.cpu_ms.items() if cpu > 0}
    assert {"order", "orchestrator", "rabbitmq", "postgres", "client"} <= busy
    assert found.per_saga["broker.published"] > 4
    assert found.batch_sizes["orchestrator.replies"] >= 1


async def test_an_order_that_is_refused_ends_the_run(stack: Stack) -> None:
    (order, *_) = Load(MIX, seed=1, seconds=1).orders(1, 1)
    async with client(stack) as lean:
        with pytest.raises(ProblemError, match="there is no product what-nobody-sells"):
            await lean.place(replace(order, basket={"what-nobody-sells": 1}))
