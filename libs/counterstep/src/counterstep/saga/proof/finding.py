"""Find definitions by where they stand: `MODULE:SAGA` or `MODULE:SAGAS`."""

import pkgutil
from collections.abc import Collection
from typing import Any

from counterstep.saga.definition import Saga
from counterstep.saga.registry import Registry


def sagas_at(place: str) -> Collection[Saga[Any]]:
    """The saga that stands there, or the newest version of each saga of a list that does.

    Raises `LookupError` where nothing of the kind stands there.
    """
    try:
        found = pkgutil.resolve_name(place)
    except (ImportError, AttributeError, ValueError) as error:
        raise LookupError(f"{place} cannot be imported: {error}; write MODULE:NAME") from error
    match found:
        case Saga():
            return [found]
        case [Saga(), *_]:
            return Registry(found).started_by.values()
        case Registry():
            return found.started_by.values()
    raise LookupError(f"{place} is no saga and no list of sagas but {type(found).__name__}")
