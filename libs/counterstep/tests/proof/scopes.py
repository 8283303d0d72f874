"""What is searched on every test run, and what only a deep run has the time for."""

from typing import Final

from booking import BOOK_TRIP
from counterstep.saga.proof.scope import Scope
from orchestrator.sagas.place_order import PLACE_ORDER

ORDER: Final = Scope(PLACE_ORDER, skipped=("review_order",))
REVIEWED_ORDER: Final = Scope(PLACE_ORDER, long=("review_order",), attempts=1, stalled=2)
TRIP: Final = Scope(BOOK_TRIP, skipped=("check_visa",), stalled=0)
FAR_TRIP: Final = Scope(BOOK_TRIP, attempts=1, stalled=2)

EACH_TIME: Final = (ORDER, REVIEWED_ORDER, TRIP, TRIP._replace(attempts=1, stalled=2), FAR_TRIP)
DEEP: Final = (
    *EACH_TIME,
    ORDER._replace(stalled=2),
    REVIEWED_ORDER._replace(attempts=2, stalled=1),
    TRIP._replace(stalled=1),
    FAR_TRIP._replace(attempts=2, stalled=0),
)
