"""Pages of an inbox, and what they show of an answer."""

from base64 import urlsafe_b64encode
from uuid import UUID

import pytest
from counterstep.http.inbox import decode, encode
from counterstep.http.payload import readable
from counterstep.protocol.barrier import EffectKey
from uuid_utils.compat import uuid7


def test_a_cursor_leads_back_to_its_place() -> None:
    key = EffectKey(uuid7(), "book_flight", "compensation")
    assert decode(encode(key)) == key


def cursor_of(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


FORGED = (f"{UUID(int=7)}/forward/a\x00", f"{UUID(int=7)}/sideways/a", f"{UUID(int=7)}/forward/", "x/forward/a")


@pytest.mark.parametrize("cursor", ["", "4711", "ä", "AAAA", *map(cursor_of, FORGED)])
def test_a_cursor_of_somebody_elses_is_refused(cursor: str) -> None:
    with pytest.raises(ValueError, match="next_cursor"):
        decode(cursor)


def test_a_body_without_a_secret_is_shown_as_it_is() -> None:
    assert readable(b'{"order_id" : 7}') == '{"order_id" : 7}'
    assert readable(b"\xff{") == "\ufffd{"


def test_a_secret_in_a_body_is_not_shown() -> None:
    assert readable(b'{"card": "x", "name": "\xc3\xa4"}') == '{"card": "[redacted]", "name": "ä"}'
    assert readable(b"pay with 4111111111111111, now") == "pay with [redacted], now"
