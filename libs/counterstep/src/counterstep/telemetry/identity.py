"""Span ids that are derived from what the span is about, so they need not be stored."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b
from typing import Final

from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

_CHOSEN: Final[ContextVar[int | None]] = ContextVar("chosen_span_id", default=None)


def span_id_of(*about: str) -> int:
    """The id of the one span about this. It is a hash, so it looks random."""
    digest = blake2b("\0".join(about).encode(), digest_size=8).digest()
    return int.from_bytes(digest) or 1  # no span has the id 0


class DerivedIdGenerator(RandomIdGenerator):
    """Random ids, except for spans that are started inside of `chosen`."""

    def generate_span_id(self) -> int:
        return _CHOSEN.get() or super().generate_span_id()


@contextmanager
def chosen(span_id: int) -> Iterator[None]:
    """The span that is started inside has this id."""
    token = _CHOSEN.set(span_id)
    try:
        yield
    finally:
        _CHOSEN.reset(token)
