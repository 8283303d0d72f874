"""What several end-to-end tests start beside the shop."""

from collections.abc import AsyncIterator

import pytest
from infra.launcher.native.stack import Stack
from library_app import EXAMPLE, Library, prepared


@pytest.fixture
async def library(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Library]:
    """The application of `examples/existing-app`, with a virtual host and a database of its own."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    async with prepared(stack) as library:
        yield library
