"""Every saga that is driven here, each version of it for as long as a run of it is left."""

from typing import Final

from counterstep.saga import Registry

from orchestrator.sagas.place_order import PLACE_ORDER

SAGAS: Final = Registry(
    [
        PLACE_ORDER,
    ]
)
