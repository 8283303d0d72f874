"""The processes of a system on one machine, and what they log, as a control room shows them."""

from datetime import datetime
from typing import Literal, TypeAlias

from pydantic import BaseModel

PartState: TypeAlias = Literal["running", "starting", "stopping", "stopped", "failing"]
"""`failing` is one that ended before it was ready, and is started again until that is given up."""
PartAct: TypeAlias = Literal["start", "stop", "restart"]
LogLevel: TypeAlias = Literal["debug", "info", "warning", "error"]


class PartView(BaseModel, frozen=True):
    """One part: a process with the processes that it started. `service` is what it is a process of.

    `restarts` counts how often the part ended by itself and was started again. `cpu` is the share of one
    processor, 1.0 for all of it; it and `memory_bytes` are null where they are not known yet.
    """

    name: str
    service: str
    address: str
    state: PartState
    pid: int | None
    since: datetime | None
    restarts: int
    cpu: float | None
    memory_bytes: int | None
    acts: list[PartAct]
    """What an operator may do to it now."""
    effect: str
    """What stopping it does, in words."""
    problem: str | None
    """Why the last act failed, in words."""

    @property
    def runs(self) -> bool:
        return self.state in {"running", "starting"}


class LogEntry(BaseModel, frozen=True):
    """One entry of a part's log. `text` has no control characters other than line ends and tabs.

    `at` is null where the part writes no times. `saga_id` and `trace_id` are those that the entry names.
    """

    part: str
    at: datetime | None
    level: LogLevel
    text: str
    saga_id: str | None
    trace_id: str | None
