"""The retry tiers, then the dead letters."""

from counterstep.messaging.consumer.retry import LONGEST_REASON, after_failure
from counterstep.messaging.wire.errors import UndecodableError
from envelopes import HEADERS, a_command

QUEUE = "hotel.commands"


def test_a_failed_message_waits_longer_each_time_and_then_is_a_dead_letter() -> None:
    message, ways = a_command(), []
    for _ in range(4):
        message = after_failure(message, QUEUE, RuntimeError("boom"))
        ways.append((message.exchange, message.routing_key))
    assert ways == [
        ("retry", "hotel.commands.1s"),
        ("retry", "hotel.commands.5s"),
        ("retry", "hotel.commands.30s"),
        ("dead_letters", "hotel.commands"),
    ]


def test_an_undecodable_message_is_a_dead_letter_at_once() -> None:
    dead = after_failure(a_command(), QUEUE, UndecodableError("no such type"))
    assert (dead.exchange, dead.headers.reason) == ("dead_letters", "no such type")


def test_a_failed_message_keeps_its_id_its_body_and_its_step() -> None:
    message = a_command()
    failed = after_failure(message, QUEUE, RuntimeError("boom"))
    assert (failed.message_id, failed.body, failed.type) == (message.message_id, message.body, message.type)
    assert (failed.headers.step, failed.headers.attempt) == (HEADERS.step, HEADERS.attempt)
    assert (failed.headers.origin, failed.headers.failures) == (QUEUE, 1)


def test_the_reason_ends_with_the_exception_and_is_bounded() -> None:
    reason = after_failure(a_command(), QUEUE, RuntimeError("boom" * 10_000)).headers.reason
    assert reason is not None
    assert len(reason) == LONGEST_REASON
