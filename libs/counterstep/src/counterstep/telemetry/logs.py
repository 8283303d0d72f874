"""Structured logs: JSON for machines, coloured lines for people. Each has its trace, and none has secrets.

While a message is handled, every line names it (`saga_id`, `message_id`).
"""

import logging
import sys
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from counterstep.telemetry.links import Links
from counterstep.telemetry.log_lines import exception_noted, sent
from counterstep.telemetry.redaction import redact
from counterstep.telemetry.scope import fields_of_scope
from counterstep.telemetry.spans import current_traceparent
from counterstep.telemetry.traceparent import trace_id

LogFormat = Literal["console", "json"]


def set_up_logging(log_format: LogFormat, links: Links) -> None:
    """Send our logs and those of libraries through the same processors, to standard output and to a collector."""
    shared: list[Processor] = [
        _scope_added,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        _trace_added(links),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                exception_noted,
                # A traceback becomes text before secrets are removed from it. It shows no local variables,
                # because they may hold secrets.
                structlog.processors.format_exc_info,
                redact,
                sent,
                _renderer(log_format),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for chatty in ("aio_pika", "aiormq", "faststream"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _renderer(log_format: LogFormat) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=sys.stdout.isatty())


def _scope_added(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    return {**event, **fields_of_scope()}


def _trace_added(links: Links) -> Processor:
    def add(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        traceparent = current_traceparent()
        found = {"trace_id": trace_id(traceparent), "trace_url": links.page(traceparent)}
        return {**event, **{name: value for name, value in found.items() if value}}

    return add
