"""The bytes of a message's properties: AMQP's own reader finds in them what was written."""

from datetime import UTC, datetime
from typing import Any

from counterstep.messaging.wire.frames import content_header
from counterstep.messaging.wire.properties import OurProperties
from hypothesis import given
from hypothesis import strategies as st
from pamqp import frame
from pamqp.commands import Basic
from pamqp.header import ContentHeader

SHORT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


def as_the_library_has_them(written: OurProperties) -> Basic.Properties:
    plain = Basic.Properties()
    for name, value in written:
        setattr(plain, name, value)
    return plain


NAME = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=32)
"""At most 128 bytes: the library cuts longer names of headers."""
HEADERS = st.dictionaries(NAME, SHORT | st.integers(-(2**63), 2**63 - 1))


@st.composite
def properties(draw: st.DrawFn) -> OurProperties:
    headers: dict[str, Any] = draw(HEADERS)
    return OurProperties(
        content_type=draw(SHORT),
        headers=headers,
        delivery_mode=draw(st.sampled_from([1, 2])),
        correlation_id=draw(SHORT),
        message_id=draw(SHORT),
        timestamp=datetime.fromtimestamp(draw(st.integers(0, 2**32 - 1)), tz=UTC),
        message_type=draw(SHORT),
        user_id=draw(SHORT),
        app_id=draw(SHORT),
    )


@given(properties())
def test_the_library_reads_what_we_write(written: OurProperties) -> None:
    """A frame of the library around our bytes."""
    whole = frame.marshal(ContentHeader(properties=written, body_size=3), 1)
    _, _, header = frame.unmarshal(whole)
    assert isinstance(header, ContentHeader)
    assert header.body_size == 3
    assert header.properties == as_the_library_has_them(written)


@given(properties())
def test_we_read_what_we_write(written: OurProperties) -> None:
    header = content_header(ContentHeader(properties=written, body_size=3).marshal())
    assert header.properties == as_the_library_has_them(written)


@given(properties())
def test_we_read_what_the_library_writes(written: OurProperties) -> None:
    theirs = ContentHeader(properties=as_the_library_has_them(written), body_size=3)
    assert content_header(theirs.marshal()).properties == theirs.properties
