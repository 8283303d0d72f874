"""When all is done nothing is left over: no message unsent, none unread, and none dead that should not be."""

from collections.abc import Iterator

from faults.evidence import Evidence


def nothing_is_left_over(evidence: Evidence) -> Iterator[str]:
    """Outboxes, queues and dead letters."""
    for service, count in evidence.outboxes.items():
        if count:
            yield f"the outbox of {service} still holds {count}"
    for queue, count in evidence.queues.items():
        if count:
            yield f"queue {queue} still holds {count}"
    expected = set(evidence.scope.dead_letters)
    for message_id, reason in evidence.dead_letters.items():
        if message_id not in expected:
            yield f"message {message_id} is a dead letter: {reason}"
    for message_id in expected - evidence.dead_letters.keys():
        yield f"message {message_id} should be a dead letter, and is none"
