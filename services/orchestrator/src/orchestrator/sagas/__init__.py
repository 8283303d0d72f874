"""Every saga that is driven here, each version of it for as long as a run of it is left."""

from typing import Any

from saga import Saga

from orchestrator.sagas.place_order import PLACE_ORDER

SAGAS: tuple[Saga[Any], ...] = (PLACE_ORDER,)
