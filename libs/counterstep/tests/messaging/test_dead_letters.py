"""A dead letter, until it is settled."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from counterstep.messaging.consumer.dead_letters import REPLAY_WITHIN, DeadLetter
from counterstep.messaging.consumer.letter_status import LetterStatus
from envelopes import HEADERS, a_command

SIGNED = HEADERS.model_copy(update={"sender": "orchestrator"})
QUEUES = ("hotel.events", "hotel.commands")


def a_letter(status: LetterStatus = "waiting", died_at: datetime | None = None) -> DeadLetter:
    dead = a_command(SIGNED)
    return DeadLetter(
        message_id=dead.message_id,
        saga_id=dead.saga_id,
        type=dead.type,
        sender=dead.sender,
        origin="hotel.commands",
        reason="boom",
        failures=4,
        exchange=dead.exchange,
        routing_key=dead.routing_key,
        headers=dead.headers.model_dump_json(exclude_defaults=True),
        body=dead.body,
        deaths=1,
        status=status,
        died_at=died_at or datetime.now(UTC),
    )


def test_a_redriven_message_is_the_same_and_goes_to_the_queue_where_it_died_with_a_clean_record() -> None:
    letter = a_letter()
    redriven = letter.redriven(QUEUES)
    assert redriven.envelope == replace(a_command(SIGNED), message_id=letter.message_id)
    assert (redriven.queue, redriven.failures, redriven.lease) == ("hotel.commands", 0, None)


@pytest.mark.parametrize("origin", ["payment.commands", "q" * 300, "hotel.dead_letters", "", "hotel.#"])
def test_a_letter_that_names_a_queue_of_another_service_goes_to_the_first_of_its_own(origin: str) -> None:
    letter = a_letter()
    letter.origin = origin
    assert letter.redriven(QUEUES).queue == "hotel.events"


def test_the_second_letter_with_an_id_is_redriven_with_the_id_that_its_message_has() -> None:
    letter = a_letter()
    letter.claimed_id = UUID(int=4)
    assert letter.redriven(QUEUES).envelope.message_id == UUID(int=4)


def test_a_letter_of_a_release_before_is_redriven_without_what_that_release_did_not_keep() -> None:
    letter = a_letter()
    letter.sender = letter.exchange = letter.routing_key = letter.failures = None
    letter.headers = f'{{"origin": "{"q" * 300}", "failures": {2**63}, "step": "book_hotel"}}'
    redriven = letter.redriven(QUEUES)
    assert (redriven.queue, redriven.envelope.sender) == ("hotel.commands", None)
    assert redriven.envelope.headers.step == "book_hotel"


@pytest.mark.parametrize("status", ["replayed", "discarded"])
def test_a_letter_is_settled_once(status: LetterStatus) -> None:
    with pytest.raises(ValueError, match=f"is {status} already"):
        a_letter(status).settle("discarded", by="ada", because="again")


def test_a_letter_that_is_older_than_what_the_inbox_remembers_is_not_replayed() -> None:
    old = a_letter(died_at=datetime.now(UTC) - REPLAY_WITHIN - timedelta(seconds=1))
    with pytest.raises(ValueError, match="too old"):
        old.settle("replayed", by="ada", because="why not")
    old.settle("discarded", by="ada", because="too old")
