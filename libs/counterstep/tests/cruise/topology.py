"""The cruise system's topology, and its one saga."""

from typing import Final

from counterstep import Topology
from counterstep.saga.abort import Abort
from counterstep.saga.definition import Saga
from counterstep.saga.registry import Registry

import cruise.contracts
from cruise.contracts.hotel import BookHotel, CancelHotel, CruiseWanted

CRUISE: Final = Topology("cruise", cruise.contracts, participants=("hotel",))


def cabin(wanted: CruiseWanted) -> int:
    return wanted.cabin


def book_hotel(wanted: CruiseWanted) -> BookHotel:
    return BookHotel(cabin=wanted.cabin)


def cancel_hotel(wanted: CruiseWanted, _: Abort) -> CancelHotel:
    return CancelHotel(cabin=wanted.cabin)


SAGAS: Final = Registry(
    [
        Saga(
            name="book_trip",
            version=1,
            starts_on=CruiseWanted,
            key=cabin,
            undo=cancel_hotel,
            compensatable=(),
            pivot=book_hotel,
            retriable=(),
        )
    ]
)
