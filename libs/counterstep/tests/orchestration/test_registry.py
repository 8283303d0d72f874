"""Every version of a saga stays registered until no instance of it is left."""

from dataclasses import replace
from uuid import uuid4

import pytest
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.wire.envelope import event
from counterstep.orchestration.unit_of_work import UnitOfWork
from counterstep.saga.registry import Registry
from counterstep.saga.transition import ResendRequested
from travel.contracts.trip import TripWanted
from travel.sagas import BOOK_TRIP, WANTED

SECOND = replace(BOOK_TRIP, version=2)
BOTH = Registry([SECOND, BOOK_TRIP])


def test_a_start_event_starts_the_newest_version() -> None:
    assert BOTH.started_by == {TripWanted: SECOND}


def test_an_instance_stays_with_the_version_that_it_began_on() -> None:
    work, saga_id = UnitOfWork({}, "orchestrator"), uuid4()
    wanted = Received(event(WANTED, saga_id=saga_id, traceparent=None), "orchestrator.events")
    work.begin(BOOK_TRIP, WANTED, wanted)
    work.begin(BOTH.started_by[TripWanted], WANTED, wanted)
    work.apply(saga_id, ResendRequested("again"), None)
    assert work.instances[saga_id].saga is BOOK_TRIP


def test_every_registered_version_can_be_found() -> None:
    assert [BOTH.definition("book_trip", version) for version in (1, 2)] == [BOOK_TRIP, SECOND]


def test_a_version_that_is_not_registered_is_named() -> None:
    with pytest.raises(
        LookupError, match="book_trip v3 is not registered here; keep it until no instance of it is left"
    ):
        BOTH.definition("book_trip", 3)


def test_one_version_cannot_be_registered_twice() -> None:
    with pytest.raises(ValueError, match="book_trip v1 is registered twice: give one the next version"):
        Registry([BOOK_TRIP, SECOND, replace(BOOK_TRIP)])


def test_two_sagas_cannot_start_on_one_event() -> None:
    with pytest.raises(ValueError, match="book_trip and travel both start on TripWanted"):
        Registry([BOOK_TRIP, replace(SECOND, name="travel")])
