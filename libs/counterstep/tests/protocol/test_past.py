"""A message that is still on its way in a past version is read as the version of today."""

import pytest
from counterstep.protocol.messages import Command, Event, Past, Reply
from counterstep.protocol.naming import type_name
from pydantic import ValidationError
from travel.contracts.past.trip import TripWanted as FirstTripWanted
from travel.contracts.trip import TripWanted
from travel.topology import TRAVEL


def test_both_versions_are_read_and_one_is_sent() -> None:
    assert type_name(FirstTripWanted) == "trip.trip_wanted.v1"
    assert TRAVEL.contracts.versions["trip.trip_wanted.v1"] is FirstTripWanted
    assert "trip.trip_wanted.v1" not in TRAVEL.contracts.catalogue
    assert TRAVEL.contracts.catalogue["trip.trip_wanted.v2"] is TripWanted


@pytest.mark.parametrize(("trip", "far"), [("tokyo", True), ("rome", False)])
def test_an_event_of_the_first_version_is_read_by_the_rule_of_that_time(trip: str, *, far: bool) -> None:
    read = TRAVEL.contracts.readers["trip.trip_wanted.v1"](FirstTripWanted(trip=trip).model_dump_json())
    assert read == TripWanted(trip=trip, far=far)


def test_a_body_of_the_first_version_is_no_body_of_the_second() -> None:
    with pytest.raises(ValidationError):
        TRAVEL.contracts.readers["trip.trip_wanted.v2"](FirstTripWanted(trip="rome").model_dump_json())


def test_a_past_version_cannot_be_sent() -> None:
    past = [message for message in TRAVEL.contracts.versions.values() if issubclass(message, Past)]
    assert not [message for message in past if issubclass(message, Event | Command | Reply)]
