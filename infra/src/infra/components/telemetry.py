"""The services' settings of telemetry: our own collector, unless the user has another."""

from collections.abc import Mapping
from typing import Final

ENDPOINT: Final = "OTEL_EXPORTER_OTLP_ENDPOINT"
PAGE: Final = "TRACE_UI_URL"
SAMPLED: Final = "OTEL_TRACES_SAMPLER_ARG"
SIGNALS: Final = ("TRACES", "LOGS", "METRICS")

_HOW: Final = (
    SAMPLED,
    "OTEL_SDK_DISABLED",
    "OTEL_METRIC_EXPORT_INTERVAL",
    "OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN",
    *(f"OTEL_{signal}_EXPORTER" for signal in SIGNALS),
)


def of_own_collector(environment: Mapping[str, str]) -> dict[str, str]:
    """The settings of a user who names a collector. Only the user knows where that one shows traces."""
    of_signals = (name for signal in SIGNALS for name in _whereto(f"_{signal}"))
    return _chosen(environment, (PAGE, *_HOW, *_whereto(), *of_signals))


def of_our_collector(
    environment: Mapping[str, str], url: str, page: str, takes: tuple[str, ...]
) -> dict[str, str]:
    """The settings where the collector at `url` takes these signals; others are sent only if the user says it.

    A single signal may have a collector of the user's own, and a protocol in the environment is meant for that.
    """
    own = [signal for signal in SIGNALS if _whereto(f"_{signal}")[0] in environment]
    unasked = {f"OTEL_{signal}_EXPORTER": "none" for signal in SIGNALS if signal not in {*takes, *own}}
    chosen = (PAGE, *_HOW, *(name for signal in own for name in _whereto(f"_{signal}")))
    return {ENDPOINT: url, PAGE: page, **unasked, **_chosen(environment, chosen)}


def _whereto(signal: str = "") -> tuple[str, str]:
    return f"OTEL_EXPORTER_OTLP{signal}_ENDPOINT", f"OTEL_EXPORTER_OTLP{signal}_PROTOCOL"


def _chosen(environment: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: environment[name] for name in names if environment.get(name)}
