"""Reading from the store without holding up the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, ParamSpec, TypeVar

from fastapi import Depends, Request

from infra.trace_sink.store import Store

P = ParamSpec("P")
T = TypeVar("T")


class Reader:
    """A connection that only reads, in a thread of its own."""

    def __init__(self, store: Store, thread: ThreadPoolExecutor) -> None:
        self.store = store
        self._thread = thread

    async def read(self, ask: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Ask the store, or make something large of what it said, away from the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(ask, *arguments, **named))


def _reader(request: Request) -> Reader:
    reader: Reader = request.app.state.reader
    return reader


Reading = Annotated[Reader, Depends(_reader)]
