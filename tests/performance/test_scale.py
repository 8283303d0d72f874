"""The benchmark of scale: that made-up sagas can be read, and that every figure is there; nothing is timed."""

import asyncio
from itertools import islice
from uuid import UUID

import pytest
from counterstep.http.roles import Role
from infra.client.sagas import Sagas
from infra.launcher.native.stack import Stack
from infra.load.mix import Mix
from rich.console import Console
from shop_client import orders

import performance.round
from performance.commands import options
from performance.commands.measuring import WIDTH
from performance.results import Level
from performance.round import Load, System
from performance.scale import parts, report
from performance.scale.filling import fill
from performance.scale.made_up import TABLES
from performance.scale.results import Memory, Scale

MADE_UP = 200
ORIGINALS = 20
EVERY_WAY = Mix.parse("confirmed=1,no_stock=1,no_money=1")
FIGURES = ("filled ÷ empty, 4 at once", "one saga with its history", "a 1,000 more", "÷ the closed loop")
AT_ONCE = Level(at_once=4)
LOAD = Load(options.ALL_CONFIRMED, seed=3, seconds=1)


def test_growth_is_that_of_the_last_half() -> None:
    memory = Memory(sagas=[0, 1000, 2000, 3000, 4000], resident={"order": [10, 90, 100, 120, 130]})
    assert memory.growth == {"order": 15}


def test_made_up_sagas_are_read_as_real_ones_are(stack: Stack) -> None:
    """Each has its order, which ended as it did, and its history, which lies in its time."""
    System("ours", stack).measure(Level(rate=20), Load(EVERY_WAY, seed=3, seconds=1))
    api = stack.api(Role.OPERATOR, "bench")
    real = {saga.saga_id for saga in Sagas(api).newest(limit=1_000)}
    asyncio.run(fill(stack, MADE_UP, ORIGINALS))
    found = Sagas(api).newest(limit=len(real) + MADE_UP)
    made_up = [saga for saga in found if saga.saga_id not in real]
    assert len(made_up) == MADE_UP
    assert {saga.status for saga in made_up} >= {"completed", "compensated"}
    for saga in islice(made_up, ORIGINALS):
        order = api.send("order", orders.read(UUID(saga.key)))
        run = Sagas(api).started(saga.saga_id)
        assert order.saga_id == saga.saga_id
        assert order.status == ("confirmed" if saga.status == "completed" else "rejected")
        assert str(run.history[-1].event) == str(saga.status)
        assert saga.started_at <= run.history[0].at <= run.history[-1].at


def test_every_figure_is_there(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """One stack stands for both: the figures mean nothing."""
    monkeypatch.setattr(performance.round, "WARM_UP", 20)
    found = Scale(
        ended=parts.ended(stack, stack, MADE_UP, LOAD, AT_ONCE, rounds=1),
        flat=parts.flat(stack, 40, LOAD, AT_ONCE),
        backlog=parts.backlog(stack, 20, LOAD, AT_ONCE, rounds=1),
    )
    assert found.ended
    assert found.flat
    assert found.backlog
    assert len(found.ended.scanned) == sum(map(len, TABLES.values()))
    assert found.flat.memory.sagas == [0, 8, 16, 24, 32, 40]
    assert {"order", "orchestrator", "rabbitmq", "postgres"} <= found.flat.memory.growth.keys()
    assert min(map(min, found.flat.memory.resident.values())) > 0
    assert (found.backlog.drained.orders, found.backlog.drained.otherwise) == (20, 0)
    shown = _shown(found)
    assert all(words in shown for words in FIGURES)


def _shown(found: Scale) -> str:
    console = Console(width=WIDTH, record=True)
    console.print(report.screen(found))
    return console.export_text()
