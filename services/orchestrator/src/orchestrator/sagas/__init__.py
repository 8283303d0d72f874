"""The registry: every saga of the shop, in every version that an instance may still be pinned to."""

from typing import Final

from counterstep.saga import Registry

from orchestrator.sagas.place_order import PLACE_ORDER
from orchestrator.sagas.place_order_v1 import PLACE_ORDER_V1

SAGAS: Final = Registry(
    [
        PLACE_ORDER,
        PLACE_ORDER_V1,
    ]
)
