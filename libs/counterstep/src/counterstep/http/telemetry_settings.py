"""The settings of telemetry, under OpenTelemetry's own names."""

from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AnyHttpUrl, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from counterstep.telemetry import Destinations

OTLP: Final = "otlp"

_NOT_SENT: Final = frozenset({"none", "console", "prometheus"})
"""Exporters that need nothing sent: every log line is printed, and `/metrics` is there for Prometheus."""


def _exporters(value: object) -> object:
    """A list with commas, as OpenTelemetry has it; an empty one is the default."""
    if not isinstance(value, str):
        return value
    names = [name.strip().lower() for name in value.split(",") if name.strip()] or [OTLP]
    if unknown := [name for name in names if name != OTLP and name not in _NOT_SENT]:
        raise ValueError(f"there is no exporter {unknown[0]!r} here; say otlp or none")
    return tuple(names)


def _protocol(value: object) -> object:
    if value not in {None, "", "http/protobuf"}:
        raise ValueError(f"{value} is not spoken here; say http/protobuf, for which a collector has port 4318")
    return "http/protobuf"


Exporters: TypeAlias = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_exporters)]
Protocol: TypeAlias = Annotated[Literal["http/protobuf"], BeforeValidator(_protocol)]
Endpoint: TypeAlias = Annotated[AnyHttpUrl | None, BeforeValidator(lambda value: value or None)]


class TelemetrySettings(BaseSettings):
    """Where traces, logs and metrics are sent, and how much of them."""

    # As of the settings that inherit from it: the last base decides.
    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    otel_sdk_disabled: Annotated[bool, BeforeValidator(lambda value: str(value).strip().lower() == "true")] = False
    """Whether nothing is recorded and nothing is sent."""
    otel_exporter_otlp_endpoint: Endpoint = None
    """The address of an OTLP collector. Telemetry is sent to its `/v1/traces`, `/v1/logs` and `/v1/metrics`."""
    otel_exporter_otlp_traces_endpoint: Endpoint = None
    """The whole address for traces, where they have one of their own."""
    otel_exporter_otlp_logs_endpoint: Endpoint = None
    """The whole address for logs."""
    otel_exporter_otlp_metrics_endpoint: Endpoint = None
    """The whole address for metrics."""
    otel_exporter_otlp_protocol: Protocol = "http/protobuf"
    otel_exporter_otlp_traces_protocol: Protocol = "http/protobuf"
    otel_exporter_otlp_logs_protocol: Protocol = "http/protobuf"
    otel_exporter_otlp_metrics_protocol: Protocol = "http/protobuf"
    otel_traces_exporter: Exporters = (OTLP,)
    """`none` sends no traces."""
    otel_logs_exporter: Exporters = (OTLP,)
    """`none` sends no logs. Then the events of sagas, and exceptions, stay within the spans."""
    otel_metrics_exporter: Exporters = (OTLP,)
    """`none` sends no metrics. `/metrics` has them in any case."""
    otel_metric_export_interval: int = Field(default=60_000, ge=100)
    """Milliseconds between two exports of the metrics."""
    otel_semconv_exception_signal_opt_in: str = ""
    """With `logs/dup`, spans keep their events where these are sent as logs as well."""
    otel_traces_sampler_arg: float = Field(default=1.0, ge=0, le=1)
    """The share of the traces that is recorded, 0 to 1."""

    def destinations(self) -> Destinations:
        """Where each kind of telemetry goes."""
        return Destinations(
            traces=self._destination("traces", self.otel_traces_exporter, self.otel_exporter_otlp_traces_endpoint),
            logs=self._destination("logs", self.otel_logs_exporter, self.otel_exporter_otlp_logs_endpoint),
            metrics=self._destination(
                "metrics", self.otel_metrics_exporter, self.otel_exporter_otlp_metrics_endpoint
            ),
            span_events_too="logs/dup" in self.otel_semconv_exception_signal_opt_in.split(","),
            metrics_every=self.otel_metric_export_interval / 1000,
        )

    def _destination(self, signal: str, exporters: tuple[str, ...], own: AnyHttpUrl | None) -> str | None:
        if self.otel_sdk_disabled or OTLP not in exporters:
            return None
        if own:
            return str(own)
        collector = self.otel_exporter_otlp_endpoint
        return f"{str(collector).rstrip('/')}/v1/{signal}" if collector else None
