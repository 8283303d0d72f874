"""Requests about faults that are switched on deliberately. Any service can be asked; all of them obey."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from counterstep.chaos.views import Board
from counterstep.client.request import Request
from counterstep.protocol.control import Faults

PATH: Final = "/faults"


def read() -> Request[Board]:
    """Which faults are on, for which service, and until when."""
    return Request("GET", PATH, Board)


def switch_on(
    services: Iterable[str], faults: Faults | Mapping[str, Any], *, seconds: int, reason: str
) -> Request[Board]:
    """Switch faults on for these services, in place of those that are on. They end after `seconds`.

    A mapping is sent as it is: the service checks it and answers with a problem where it is wrong.
    """
    body = {"services": sorted(services), "faults": faults, "seconds": seconds, "reason": reason}
    return Request("POST", PATH, Board, body=body)


def switch_off() -> Request[Board]:
    """Switch every fault off."""
    return Request("DELETE", PATH, Board)
