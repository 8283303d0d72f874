"""Links to the pages of traces in Jaeger."""

from dataclasses import dataclass

from counterstep.telemetry.traceparent import is_recorded, trace_id


@dataclass(frozen=True, slots=True)
class Links:
    """Makes links below the address of Jaeger's pages; none where that address is not set."""

    trace_ui_url: str | None

    def page(self, traceparent: str | None) -> str | None:
        """The page of this trace; `None` where the trace is not recorded or the address is not set."""
        if self.trace_ui_url is None or not is_recorded(traceparent):
            return None
        return f"{self.trace_ui_url}/trace/{trace_id(traceparent)}"
