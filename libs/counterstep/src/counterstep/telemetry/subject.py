"""What the code that runs now is about: the span that others continue, and what every line of the log says."""

from collections.abc import Mapping
from contextvars import ContextVar, Token
from types import MappingProxyType, TracebackType
from typing import Final

from opentelemetry.context import Context, attach, detach
from opentelemetry.trace import INVALID_SPAN, Span, set_span_in_context

_SAID: Final[ContextVar[Mapping[str, object]]] = ContextVar("said", default=MappingProxyType({}))


def said_of_subject() -> dict[str, str]:
    """What the log says of it."""
    return {name: str(value) for name, value in _SAID.get().items()}


class TelemetryScope:
    """Inside, this is what it is about. Entered for every message, so it does little until something is logged."""

    __slots__ = ("_context", "_said", "_span", "_token")

    def __init__(self, span: Span, said: Mapping[str, object]) -> None:
        self._span = span
        self._said = said
        self._context: Token[Context] | None = None

    def __enter__(self) -> None:
        self._token = _SAID.set(self._said)
        if self._span is not INVALID_SPAN:
            self._context = attach(set_span_in_context(self._span))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._context is not None:
            detach(self._context)
        _SAID.reset(self._token)
