"""One private stack for the end-to-end tests of a worker: its own broker, databases, services and traces."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from infra.launcher.native.stack import Stack
from infra.machine.ports import Ports
from infra.machine.user_error import UserError
from leftovers import removed_at_last
from port_lock import taking_ports
from shop import Shop
from traces import Traces

OUR_CHOICE = ("JAEGER_BIN",)  # of programs; nothing else of the environment changes what is tested


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The system under test, brought up once."""
    home: Path = tmp_path_factory.mktemp("stack")
    chosen = {name: os.environ[name] for name in OUR_CHOICE if name in os.environ}
    with removed_at_last(home), ExitStack() as at_end:
        with taking_ports():
            stack = Stack(home, Ports.free(), chosen)
            at_end.callback(stack.clean)
            _bring_up(stack)
        yield stack


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


def _bring_up(stack: Stack) -> None:
    try:
        stack.up()
    except UserError as failure:
        pytest.exit(f"the stack did not come up: {failure.part}: {failure.reason}\n" + "\n".join(failure.log), 1)
