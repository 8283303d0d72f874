"""Requests about the processes of a system and their logs, to its control room.

Only a system that is run by a control room has one; in containers, their engine does this work.
"""

from collections.abc import Sequence

from counterstep.client.request import Request
from counterstep.http.views.parts import LogEntry, LogLevel, PartAct, PartView

CONTROL = "control"
"""The name under which the control room is asked."""


def browse() -> Request[list[PartView]]:
    """Every part, running or not."""
    return Request("GET", "/parts", list[PartView])


def act(part: str, act: PartAct, reason: str) -> Request[PartView]:
    """Begin to start, stop or restart a part, for an operator. The answer does not wait for the end of it."""
    return Request("POST", f"/parts/{part}/{act}", PartView, body={"reason": reason})


def logs(
    *, part: str = "", ids: Sequence[str] = (), text: str = "", level: LogLevel = "debug", limit: int = 200
) -> Request[list[LogEntry]]:
    """The newest log entries that match, the oldest first.

    An entry matches if it is of this part, names one of `ids`, contains `text` in any case, and is at least as
    important as `level`. An empty filter matches everything.
    """
    query = {"part": part, "id": list(ids) or None, "text": text, "level": level, "limit": limit}
    return Request("GET", "/logs", list[LogEntry], query=query)
