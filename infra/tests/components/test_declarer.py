from typing import Any

from infra.components.rabbitmq.declarer import differences

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


def test_a_queue_that_differs_is_told_with_both_sides() -> None:
    [told] = wrong([{**QUEUE, "arguments": {"x-queue-type": "classic"}}])
    assert "payment.commands has arguments {'x-queue-type': 'classic'}, not {'x-queue-type': 'quorum'}" in told


def test_what_others_declared_is_their_affair() -> None:
    assert not wrong([QUEUE, {**QUEUE, "name": "theirs"}])
