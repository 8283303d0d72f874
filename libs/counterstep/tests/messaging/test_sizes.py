"""A body that is too large is refused where it is read, and only its beginning is kept."""

from dataclasses import replace
from hashlib import sha256

import pytest
from counterstep.http.payload import SHOWN, in_part
from counterstep.messaging.wire.errors import UndecodableError
from counterstep.messaging.wire.sizes import beginning
from counterstep.protocol.headers import LARGEST_BODY
from envelopes import a_command, delivered
from travel.topology import TRAVEL

TOO_LARGE = b"{}" + b" " * LARGEST_BODY


def test_a_body_that_is_too_large_is_a_dead_letter_that_says_its_size_and_keeps_the_beginning() -> None:
    delivery = delivered(body=TOO_LARGE)
    assert "262,146 bytes, and a message may have 262,144" in str(delivery.undecodable)
    assert sha256(TOO_LARGE).hexdigest() in str(delivery.undecodable)
    assert delivery.envelope.body == TOO_LARGE[: LARGEST_BODY - 1] + b"\0"


def test_the_part_that_is_kept_is_never_handled_as_if_it_were_the_whole() -> None:
    """What was left out might have changed its meaning."""
    whole = a_command().body.ljust(LARGEST_BODY + 1)
    with pytest.raises(UndecodableError, match="Invalid JSON"):
        replace(a_command(), body=beginning(whole)).open(TRAVEL.contracts)


def test_a_body_of_the_largest_size_is_kept_and_handled() -> None:
    body = a_command().body.ljust(LARGEST_BODY)
    assert delivered(body=body).undecodable is None
    assert beginning(body) == body


def test_a_long_body_is_shown_in_part_and_the_rest_is_counted() -> None:
    assert in_part("x" * SHOWN) == "x" * SHOWN
    assert in_part("x" * (SHOWN + 2_000)) == "x" * SHOWN + "\n… 2,000 characters more"
