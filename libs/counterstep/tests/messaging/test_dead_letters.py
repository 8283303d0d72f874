"""A dead letter, until it is settled."""

from datetime import UTC, datetime, timedelta

import pytest
from counterstep.messaging.consumer.dead_letters import REPLAY_WITHIN, DeadLetter
from counterstep.messaging.consumer.letter_status import LetterStatus
from counterstep.messaging.consumer.retry import after_failure
from envelopes import HEADERS, a_command


def a_letter(status: LetterStatus = "waiting", died_at: datetime | None = None) -> DeadLetter:
    dead = after_failure(
        a_command(HEADERS.model_copy(update={"failures": 3})), "hotel.commands", RuntimeError("boom")
    )
    return DeadLetter(
        message_id=dead.message_id,
        saga_id=dead.saga_id,
        type=dead.type,
        origin=dead.headers.origin or "",
        reason=dead.headers.reason or "",
        headers=dead.headers.model_dump_json(exclude_defaults=True),
        body=dead.body,
        deaths=1,
        status=status,
        died_at=died_at or datetime.now(UTC),
    )


def test_a_redriven_message_is_the_same_and_goes_to_the_queue_where_it_died_with_a_clean_record() -> None:
    letter = a_letter()
    redriven = letter.redriven()
    assert (redriven.message_id, redriven.body, redriven.type) == (letter.message_id, letter.body, letter.type)
    assert (redriven.exchange, redriven.routing_key) == ("retry", "hotel.commands.1s")
    assert redriven.headers == HEADERS


@pytest.mark.parametrize("status", ["replayed", "discarded"])
def test_a_letter_is_settled_once(status: LetterStatus) -> None:
    with pytest.raises(ValueError, match=f"is {status} already"):
        a_letter(status).settle("discarded", by="ada", because="again")


def test_a_letter_that_is_older_than_what_the_inbox_remembers_is_not_replayed() -> None:
    old = a_letter(died_at=datetime.now(UTC) - REPLAY_WITHIN - timedelta(seconds=1))
    with pytest.raises(ValueError, match="too old"):
        old.settle("replayed", by="ada", because="why not")
    old.settle("discarded", by="ada", because="too old")


def test_a_letter_that_amqp_cannot_carry_is_not_replayed_and_can_be_discarded() -> None:
    letter = a_letter()
    letter.origin = "q" * 300
    letter.headers = f'{{"origin": "{letter.origin}"}}'
    with pytest.raises(ValueError, match="routing_key is 303 bytes long"):
        letter.settle("replayed", by="ada", because="why not")
    letter.settle("discarded", by="ada", because="it cannot be sent")
