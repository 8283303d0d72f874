"""The shop's own sagas."""

from typing import Any, Final

from counterstep.saga import Saga
from counterstep.saga.proof.finding import sagas_at

PLACE: Final = "orchestrator.sagas:SAGAS"


def registered() -> dict[str, Saga[Any]]:
    """The newest version of each, by its name."""
    return {saga.name: saga for saga in sagas_at(PLACE)}
