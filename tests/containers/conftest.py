"""The whole system in containers of a real engine, started once for all of these tests."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import pytest
from infra.launcher.containers.containers import Containers
from infra.launcher.native.stack import Stack
from infra.machine.ports import Ports
from port_lock import taking_ports
from shop import Shop
from traces import Traces

WANTED = "COUNTERSTEP_TEST_CONTAINERS"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip all of this folder in `make test`: it needs an engine, and minutes."""
    if WANTED in os.environ:
        return
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="needs a Docker engine; make test-containers starts one"))


@pytest.fixture(scope="session")
def containers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Containers]:
    """The system under test; the environment chooses its images."""
    home: Path = tmp_path_factory.mktemp("containers")
    with ExitStack() as at_end:
        with taking_ports():
            containers = Containers(home, Ports.free(), dict(os.environ))
            at_end.callback(containers.clean)
            containers.up()
        yield containers


@pytest.fixture
async def shop(containers: Containers) -> AsyncIterator[Shop]:
    """A shop in the containers: it needs what both ways to run have."""
    async with Shop(cast("Stack", containers)) as shop:
        yield shop


@pytest.fixture
async def traces(containers: Containers) -> AsyncIterator[Traces]:
    """What the services in the containers exported."""
    async with Traces(containers.traces.url) as traces:
        yield traces
