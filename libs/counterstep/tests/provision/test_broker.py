"""What the broker has is compared with what was declared."""

from typing import Any

from counterstep.provision.broker import differences

QUEUE = {
    "name": "payment.commands",
    "durable": True,
    "auto_delete": False,
    "arguments": {"x-queue-type": "quorum"},
}


def wrong(found: list[dict[str, Any]]) -> list[str]:
    return list(differences("queues", [QUEUE], found))


def test_a_broker_that_has_what_was_declared_is_right() -> None:
    assert not wrong([{**QUEUE, "messages": 7}])


def test_a_queue_that_was_not_created_is_named() -> None:
    assert wrong([]) == ["queues/payment.commands was not created"]


def test_a_queue_that_differs_is_shown_as_found_and_as_declared() -> None:
    [line] = wrong([{**QUEUE, "arguments": {"x-queue-type": "classic"}}])
    assert "payment.commands has arguments {'x-queue-type': 'classic'}, not {'x-queue-type': 'quorum'}" in line


def test_queues_of_others_are_no_difference() -> None:
    assert not wrong([QUEUE, {**QUEUE, "name": "theirs"}])
