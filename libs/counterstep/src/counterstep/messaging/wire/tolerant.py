"""One place at which every frame is decoded that any connection of this process receives.

The client library ends the whole connection at a frame that it cannot decode, and with it everything that a
service consumes or publishes. So `decode_any_frame` gives it our reading of the frames that carry what a publisher
wrote. Decision 0045 says why it stands here.
"""

from typing import Final

import pamqp.frame
from pamqp.constants import FRAME_END, FRAME_HEADER, FRAME_HEADER_SIZE, FRAME_METHOD
from pamqp.exceptions import UnmarshalingException
from pamqp.frame import FrameTypes

from counterstep.messaging.wire.fields import CutShortError
from counterstep.messaging.wire.frames import content_header, method

_SMALLEST_HEADER: Final = 14

_strict: Final = pamqp.frame.unmarshal


def decode_any_frame() -> None:
    """From now on, no property and no header of a message ends a connection of this process.

    It also holds for connections that others open by aio-pika, such as a FastStream broker that an application
    shares with us. A well-formed message looks to them as before.
    """
    pamqp.frame.unmarshal = unmarshal


def unmarshal(data_in: bytes) -> tuple[int, int, FrameTypes]:
    """The length, the channel and the content of a frame. Raises `UnmarshalingException` where it breaks AMQP."""
    kind, channel, size = pamqp.frame.frame_parts(data_in)
    is_whole = data_in[FRAME_HEADER_SIZE + (size or 0) :] == bytes([FRAME_END])
    if kind == FRAME_HEADER and is_whole and (size or 0) >= _SMALLEST_HEADER:
        return len(data_in), channel, content_header(data_in[FRAME_HEADER_SIZE:-1])
    try:
        return _strict(data_in)
    except UnmarshalingException:
        if kind != FRAME_METHOD or not is_whole:
            raise
        try:
            return len(data_in), channel, method(data_in[FRAME_HEADER_SIZE:-1])
        except (CutShortError, LookupError) as error:
            raise UnmarshalingException("method", error) from error
