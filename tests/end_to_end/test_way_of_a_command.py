"""How many of the platform's modules a command passes: from the socket to its handler, and back to the socket.

A command passes a module where a function of it is given the command, in any form: the delivery, the envelope, the
message itself, its reply, or several of them. What such a function looks up on the way without handing over the
command, such as a connection to the database, is not passed.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from aio_pika import IncomingMessage
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.outbox.table import Stored
from counterstep.messaging.participant.participant import ReceivedCommand
from counterstep.messaging.wire.envelope import Envelope
from counterstep.protocol.messages import Message
from faststream.rabbit.message import RabbitMessage
from library_app import BOOK, Library

FORMS: Final = (IncomingMessage, RabbitMessage, Received, ReceivedCommand, Envelope, Message, Stored)
MOST_TO_THE_HANDLER: Final = 15
MOST_IN_ALL: Final = 20


class Way:
    """The modules that commands pass, in the order in which they pass each for the first time."""

    def __init__(self) -> None:
        self.modules: dict[str, None] = {}
        self.to_the_handler: list[str] = []

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        """Take note of a call, as `sys.setprofile` has it."""
        module = frame.f_globals.get("__name__", "")
        if event != "call" or not any(map(_carries, _arguments(frame))):
            return
        if module.startswith("counterstep."):
            self.modules[module] = None
        elif module == "library.participant":
            self.to_the_handler = list(self.modules)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch this thread during the block."""
        sys.setprofile(self)
        try:
            yield
        finally:
            sys.setprofile(None)


async def test_a_command_passes_few_modules_to_its_handler_and_back(library: Library) -> None:
    async with library.running() as client:
        await client.put(f"/books/{BOOK}", params={"title": "Pyramids"})
        command, way = library.command("ada"), Way()
        with way.watched():
            await library.send(command)
            await library.next("orchestrator.replies")
        assert 0 < len(way.to_the_handler) <= MOST_TO_THE_HANDLER, way.to_the_handler
        assert len(way.to_the_handler) < len(way.modules) <= MOST_IN_ALL, list(way.modules)


def _arguments(frame: FrameType) -> Iterator[Any]:
    code = frame.f_code
    for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
        yield frame.f_locals.get(name)


def _carries(value: Any) -> bool:
    if isinstance(value, list | tuple | set):
        return any(map(_carries, value))
    return isinstance(value, FORMS)
