"""Who has sent a message: the user whose name the broker has checked."""

import pytest
from envelopes import a_command, delivered


def test_the_sender_of_a_message_is_the_user_that_the_broker_has_checked() -> None:
    delivery = delivered(user_id="orchestrator")
    assert delivery.undecodable is None
    assert delivery.envelope.sender == "orchestrator"


@pytest.mark.parametrize("user_id", [None, ""])
def test_a_message_that_nobody_has_signed_is_undecodable(user_id: str | None) -> None:
    assert "user_id is missing" in str(delivered(user_id=user_id).undecodable)


def test_a_sender_of_a_name_that_no_database_can_store_is_made_visible() -> None:
    assert delivered(user_id="pay\0ment").envelope.sender == "pay\u2400ment"


def test_a_message_that_is_not_sent_yet_has_no_sender() -> None:
    assert a_command().sender is None
