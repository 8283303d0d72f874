"""What the broker has is compared with what was declared."""

from typing import Any

import pytest
from counterstep.provision.broker import differences, either
from counterstep.provision.retirement import stale
from counterstep.topology.rabbitmq import definitions
from travel.topology import TRAVEL

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


def binding(source: str, destination: str, key: str, kind: str = "queue") -> dict[str, Any]:
    return {
        "source": source,
        "vhost": "travel",
        "destination": destination,
        "destination_type": kind,
        "routing_key": key,
        "properties_key": key,
        "arguments": {},
    }


DECLARED = definitions(TRAVEL, {})["bindings"]


@pytest.mark.parametrize(
    "old",
    [
        binding("events", "orchestrator.events", "trip.trip_wanted"),
        binding("events.trip", "orchestrator.events", "trip.trip_forgotten"),
        binding("commands", "hotel.commands", "flight.#"),
    ],
)
def test_a_binding_of_an_earlier_release_is_stale(old: dict[str, Any]) -> None:
    assert list(stale(TRAVEL, DECLARED, [*DECLARED, old])) == [old]


@pytest.mark.parametrize(
    "theirs",
    [
        binding("events.trip", "theirs", "#"),
        binding("events.trip", "theirs", "#", kind="exchange"),
        binding("theirs", "hotel.commands", "hotel.#"),
        binding("", "hotel.commands", "hotel.commands"),
    ],
)
def test_a_binding_that_was_not_declared_by_any_release_stays(theirs: dict[str, Any]) -> None:
    assert list(stale(TRAVEL, DECLARED, [*DECLARED, theirs])) == []


@pytest.mark.parametrize(
    ("old", "new", "both"),
    [
        ("^$", "^(a)$", "^(a)$"),
        ("^(a)$", "^$", "^(a)$"),
        ("^$", "^$", "^$"),
        ("^(a)$", "^(b)$", "^(a)$|^(b)$"),
        ("^(a)$|^(b)$", "^(b)$", "^(a)$|^(b)$"),
        ("^(a)$|^(b)$", "^(a)$", "^(a)$|^(b)$"),
    ],
)
def test_a_right_that_is_kept_and_one_that_is_new_are_both_held(old: str, new: str, both: str) -> None:
    assert either(old, new) == both
