"""Whether a collector takes one kind of telemetry. A change is logged, and only a change."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from time import monotonic
from typing import Any, Final, TypeVar

import requests
import structlog

from counterstep.telemetry.destinations import Signal

EXPORT_SECONDS: Final = 2.0
"""How long the collector may take to answer, and how long a process that stops tries to send the rest."""
UNKNOWN_THERE_SECONDS: Final = 60.0
"""How long nothing is sent to a collector that does not know this kind, such as logs to Jaeger."""

_UNKNOWN_THERE: Final = frozenset(
    {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED}
)

R = TypeVar("R")

log = structlog.get_logger()


class Reception:
    """What the collector at `endpoint` did with the last delivery. `session` has to be used to deliver."""

    def __init__(self, signal: Signal, endpoint: str) -> None:
        self.signal = signal
        self.endpoint = endpoint
        self.session = requests.Session()
        self.session.hooks["response"].append(self._answered)
        self.taken: bool | None = None
        """`None` before the first answer, or the first time that there is none."""
        self._status: int | None = None
        self._closed_until = 0.0

    @property
    def open(self) -> bool:
        """Whether it makes sense to deliver now."""
        return monotonic() >= self._closed_until

    def deliver(self, send: Callable[[], R], *, success: R, failure: R) -> R:
        """Send, unless the collector lately did not know this kind, and log what has changed about it."""
        if not self.open:
            return failure
        self._status = None
        result = send()
        self._note(taken=result is success)
        return result

    def _answered(self, response: Any, **_: object) -> None:
        self._status = response.status_code

    def _note(self, *, taken: bool) -> None:
        before, self.taken = self.taken, taken
        unknown = not taken and self._status in _UNKNOWN_THERE
        self._closed_until = monotonic() + UNKNOWN_THERE_SECONDS if unknown else 0.0
        if taken and before is False:
            self._log(logging.INFO, "are taken again")
        elif not taken and before is not False:
            self._log(logging.WARNING, "are not taken; they are dropped until they are")
            if unknown:
                self._log(logging.INFO, "are tried once a minute; that ends with the exporter `none`")

    def _log(self, level: int, what: str) -> None:
        answer = {"answer": self._status} if self._status and self.taken is False else {}
        said = f"{self.signal} {what}"
        log.log(level, said, endpoint=self.endpoint, **answer)
