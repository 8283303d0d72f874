"""What the running code is about: the span that new spans continue, and the fields of every log line."""

from collections.abc import Mapping
from contextvars import ContextVar, Token
from types import MappingProxyType, TracebackType
from typing import Final

from opentelemetry.context import Context, attach, detach
from opentelemetry.trace import INVALID_SPAN, Span, set_span_in_context

_FIELDS: Final[ContextVar[Mapping[str, object]]] = ContextVar("fields", default=MappingProxyType({}))


def fields_of_scope() -> dict[str, str]:
    """The fields that every log line has here."""
    return {name: str(value) for name, value in _FIELDS.get().items()}


class TelemetryScope:
    """Inside of it, new spans continue this span and log lines have these fields.

    It is entered for every message, so it does little until something is logged.
    """

    __slots__ = ("_context", "_fields", "_span", "_token")

    def __init__(self, span: Span, fields: Mapping[str, object]) -> None:
        self._span = span
        self._fields = fields
        self._context: Token[Context] | None = None

    def __enter__(self) -> None:
        self._token = _FIELDS.set(self._fields)
        if self._span is not INVALID_SPAN:
            self._context = attach(set_span_in_context(self._span))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._context is not None:
            detach(self._context)
        _FIELDS.reset(self._token)
