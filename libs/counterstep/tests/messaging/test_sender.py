"""Who has sent a message: the user whose name the broker has checked."""

import pytest
from counterstep.messaging.wire.errors import ForgedError
from counterstep.protocol.headers import Headers
from envelopes import HEADERS, a_command, delivered


def test_the_sender_of_a_message_is_the_user_that_the_broker_has_checked() -> None:
    delivery = delivered(user_id="orchestrator")
    assert delivery.undecodable is None
    assert delivery.envelope.sender == "orchestrator"


@pytest.mark.parametrize("user_id", [None, ""])
def test_a_message_that_nobody_has_signed_is_forged(user_id: str | None) -> None:
    delivery = delivered(user_id=user_id)
    assert isinstance(delivery.undecodable, ForgedError)
    assert "user_id is missing" in str(delivery.undecodable)
    assert delivery.envelope.sender == ""


def test_a_sender_of_a_name_that_no_database_can_store_is_made_visible() -> None:
    assert delivered(user_id="pay\0ment").envelope.sender == "pay\u2400ment"


def test_a_message_that_is_not_sent_yet_has_no_sender() -> None:
    assert a_command().sender is None


SET_ASIDE = HEADERS.model_copy(update={"sender": "bank"})


def test_what_a_service_itself_has_set_aside_keeps_its_sender() -> None:
    assert delivered(user_id="hotel", headers=SET_ASIDE).envelope.sender == "bank"


@pytest.mark.parametrize("user_id", ["bank", "flight"])
def test_nobody_else_can_name_another_sender(user_id: str) -> None:
    forged = HEADERS.model_copy(update={"sender": "orchestrator"})
    assert delivered(user_id=user_id, headers=forged).envelope.sender == user_id


def test_the_sender_is_kept_with_the_headers() -> None:
    kept = delivered(user_id="bank").envelope.headers.model_dump_json(exclude_defaults=True)
    assert Headers.stored(kept).sender == "bank"
