"""Structured logs: JSON for machines, coloured lines for people, each with the trace it belongs to."""

import logging
import sys
from typing import Literal

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor, WrappedLogger

LogFormat = Literal["console", "json"]


def set_up_logging(log_format: LogFormat) -> None:
    """Send our own logs and those of libraries through the same processors to standard output."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        _add_trace_id,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_rendering(log_format))
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for chatty in ("aio_pika", "aiormq", "faststream"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _rendering(log_format: LogFormat) -> list[Processor]:
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if log_format == "json":
        return [remove_meta, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    # A rich traceback shows local variables, and with them secrets.
    plain = structlog.dev.plain_traceback
    return [remove_meta, structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty(), exception_formatter=plain)]


def _add_trace_id(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = f"{context.trace_id:032x}"
    return event
