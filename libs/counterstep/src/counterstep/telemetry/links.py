"""Where a person finds a trace: its page in Jaeger."""

from dataclasses import dataclass

from counterstep.telemetry.traceparent import is_recorded, trace_id


@dataclass(frozen=True, slots=True)
class Links:
    """Pages under the address of Jaeger's UI; none where there is no such address."""

    trace_ui_url: str | None

    def page(self, traceparent: str | None) -> str | None:
        """The page of this trace; `None` where it is not recorded, or there are no pages."""
        if self.trace_ui_url is None or not is_recorded(traceparent):
            return None
        return f"{self.trace_ui_url}/trace/{trace_id(traceparent)}"
