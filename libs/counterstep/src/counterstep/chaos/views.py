"""The faults that are on, as the API shows them."""

from datetime import datetime

from pydantic import BaseModel

from counterstep.protocol.control import Faults


class Fault(BaseModel):
    """The faults that are on for one service, until when, and who switched them on, why."""

    service: str
    faults: Faults
    ends_at: datetime
    by: str
    reason: str


class Board(BaseModel):
    """The faults that are on, of every service."""

    on: list[Fault]
