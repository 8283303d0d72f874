"""Span ids that need not be stored: whoever knows what a span is about can say its id before the span exists."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b
from typing import Final

from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

_CHOSEN: Final[ContextVar[int | None]] = ContextVar("chosen_span_id", default=None)


def span_id_of(*about: str) -> int:
    """The id of the one span that is about this; as good as random to whoever does not know what it is about."""
    digest = blake2b("\0".join(about).encode(), digest_size=8).digest()
    return int.from_bytes(digest) or 1  # no span has the id 0


class DerivedIdGenerator(RandomIdGenerator):
    """Random ids, but for the spans that are begun inside of `chosen`."""

    def generate_span_id(self) -> int:
        return _CHOSEN.get() or super().generate_span_id()


@contextmanager
def chosen(span_id: int) -> Iterator[None]:
    """The span that is begun inside has this id."""
    token = _CHOSEN.set(span_id)
    try:
        yield
    finally:
        _CHOSEN.reset(token)
