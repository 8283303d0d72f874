"""What is wrong on purpose."""

from datetime import datetime

from pydantic import BaseModel

from counterstep.protocol.control import Faults


class Fault(BaseModel):
    """What is on for one service, until when, and who wanted it, why."""

    service: str
    faults: Faults
    ends_at: datetime
    by: str
    reason: str


class Board(BaseModel):
    """All that is on, of every service."""

    on: list[Fault]
