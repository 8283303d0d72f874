"""Reads one message of `control`: only a service of the topology may say something there, and in few words."""

from collections.abc import Collection
from typing import Final

from aio_pika.abc import AbstractIncomingMessage
from pydantic import ValidationError

from counterstep.protocol.control import RecallFaults, SwitchFaults
from counterstep.protocol.naming import type_name

LARGEST: Final = 16 * 1024
"""In bytes."""


class RefusedError(Exception):
    """The message is none that counts here; the text says why."""


def read(message: AbstractIncomingMessage, peers: Collection[str]) -> SwitchFaults | RecallFaults:
    """The message inside. Raises `RefusedError` for a sender that is no service, and for what cannot be read.

    The broker has compared `user_id` with the user of the connection.
    """
    if message.user_id not in peers:
        raise RefusedError("it names no service of this system as its sender")
    if len(message.body) > LARGEST:
        raise RefusedError(f"it is {len(message.body)} bytes long; {LARGEST} are allowed")
    if message.type == type_name(RecallFaults):
        return RecallFaults()
    if message.type != type_name(SwitchFaults):
        raise RefusedError("its type is unknown here")
    try:
        return SwitchFaults.model_validate_json(message.body)
    except ValidationError as error:
        raise RefusedError(str(error.errors(include_url=False, include_input=False))) from error
