"""Which service sends what to which, by the topology and the contracts."""

import pytest
from counterstep.protocol.answers import Abandoned, Accepted
from counterstep.protocol.messages import Message
from counterstep.topology.routes import consumed_by, published_by, replies_to, routes
from travel.contracts.hotel import Booked, BookHotel, CancelHotel, Full, HotelCancelled
from travel.contracts.trip import TripCalledOff, TripWanted
from travel.topology import TRAVEL


def _is_ours(message: type[Message]) -> bool:
    """Tests in the same process may have made up messages of their own."""
    return message.__module__.startswith("travel.")


def test_every_message_but_one_has_a_publisher_and_a_consumer() -> None:
    ours = [route for route in routes(TRAVEL) if _is_ours(route.message)]
    assert {route.message for route in ours} == {*filter(_is_ours, TRAVEL.contracts.catalogue.values())} - {
        Accepted
    }
    assert all(route.publishers and route.consumers for route in ours)


@pytest.mark.parametrize(
    ("message", "publishers", "consumers"),
    [
        (TripWanted, ("trip",), ("orchestrator",)),
        (TripCalledOff, ("trip",), ("orchestrator",)),
        (BookHotel, ("orchestrator",), ("hotel",)),
        (Booked, ("hotel",), ("orchestrator",)),
    ],
)
def test_a_message_goes_where_the_bindings_take_it(
    message: type[Message], publishers: tuple[str, ...], consumers: tuple[str, ...]
) -> None:
    (route,) = [route for route in routes(TRAVEL) if route.message is message]
    assert (route.publishers, route.consumers) == (publishers, consumers)


def test_a_participant_publishes_its_own_replies_and_consumes_its_own_commands_only() -> None:
    assert {route.key for route in consumed_by(TRAVEL, "hotel") if route.queues} == {
        "hotel.book_hotel",
        "hotel.cancel_hotel",
        "hotel.check_hotel",
    }
    assert Booked not in {route.message for route in published_by(TRAVEL, "flight")}


def test_what_came_after_its_own_undo_is_answered_too_where_a_command_can_be_refused() -> None:
    assert replies_to(BookHotel) == (Booked, Full, Abandoned)
    assert replies_to(CancelHotel) == (HotelCancelled,)
