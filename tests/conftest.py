"""One private stack for all end-to-end tests: its own broker, databases and services, on free ports."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from infra.failure import Failure
from infra.ports import Ports
from infra.stack import Stack
from shop import Shop
from spans import SpanCollector


@pytest.fixture(scope="session")
def spans() -> Iterator[SpanCollector]:
    """What the services export over OTLP."""
    with SpanCollector() as collector:
        yield collector


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, spans: SpanCollector) -> Iterator[Stack]:
    """The system under test, brought up once."""
    home: Path = tmp_path_factory.mktemp("stack")
    stack = Stack(home, Ports.free(), {"OTEL_EXPORTER_OTLP_ENDPOINT": spans.endpoint})
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
