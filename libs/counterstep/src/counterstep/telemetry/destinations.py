"""Where each kind of telemetry is sent."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Signal: TypeAlias = Literal["traces", "logs", "metrics"]


@dataclass(frozen=True, slots=True)
class Destinations:
    """The address to which each kind is posted; `None` for what is not sent."""

    traces: str | None = None
    logs: str | None = None
    metrics: str | None = None
    span_events_too: bool = False
    """Whether spans keep their events where these are also sent as logs."""
    metrics_every: float = 60.0
    """Seconds between two exports of the metrics."""
