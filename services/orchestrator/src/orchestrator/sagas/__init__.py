"""Every saga of the shop, in every version that an instance may still be pinned to."""

from collections.abc import Sequence
from typing import Any, Final

from counterstep.saga import Saga

from orchestrator.sagas.place_order import PLACE_ORDER
from orchestrator.sagas.place_order_v1 import PLACE_ORDER_V1

SAGAS: Final[Sequence[Saga[Any]]] = (
    PLACE_ORDER,
    PLACE_ORDER_V1,
)
