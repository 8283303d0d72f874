"""One private stack for all end-to-end tests: its own broker, databases, services and traces, on free ports."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from infra.failure import Failure
from infra.ports import Ports
from infra.stack import Stack
from shop import Shop
from traces import Traces

OUR_CHOICE = ("JAEGER_BIN",)  # of programs; nothing else of the environment changes what is tested


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The system under test, brought up once."""
    home: Path = tmp_path_factory.mktemp("stack")
    stack = Stack(home, Ports.free(), {name: os.environ[name] for name in OUR_CHOICE if name in os.environ})
    try:
        stack.up()
        yield stack
    except Failure as failure:
        pytest.exit(f"the stack did not come up: {failure.part}: {failure.reason}\n" + "\n".join(failure.log), 1)
    finally:
        stack.clean()


@pytest.fixture
async def shop(stack: Stack) -> AsyncIterator[Shop]:
    """A shop with its own products and customers, so that no test disturbs another's sums."""
    async with Shop(stack) as shop:
        yield shop


@pytest.fixture
async def traces(stack: Stack) -> AsyncIterator[Traces]:
    """What the services exported."""
    async with Traces(stack.traces.url) as traces:
        yield traces
