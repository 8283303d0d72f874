"""How much a request may hold, counted before it is parsed: few bytes can become millions of objects."""

from itertools import islice
from typing import Final

from infra.trace_sink.protobuf_fields import nested_fields

MOST_BYTES: Final = 4 * 1024 * 1024
"""Of a body, also once it is decompressed, and of the resources and scopes that are kept for one request."""

MOST_FIELDS: Final = 20_000
"""Of a request in protobuf, its resources and its scopes. Each span is one field of its scope."""

MOST_OBJECTS: Final = 100_000
"""Of a request in JSON."""

LARGEST_SPAN: Final = 64 * 1024
"""In bytes. A larger span is rejected, and the others of its request are kept."""

LARGEST_ORIGIN: Final = 16 * 1024
"""In bytes, of a resource with one of its scopes. Spans of a larger one are rejected."""

_RESOURCE_SPANS: Final = 1
_SCOPE_SPANS: Final = 2


class TooMuchError(ValueError):
    """The request holds more than is read of one."""


def check_size(size: int) -> None:
    """Raises `TooMuchError` for a body of more bytes than are read."""
    if size > MOST_BYTES:
        raise TooMuchError(f"send at most {MOST_BYTES} bytes in a request, also before compression")


def check_protobuf(body: bytes) -> None:
    """Raises `TooMuchError`. What is malformed passes, because the parser says what is wrong with it."""
    fields = nested_fields(body, (_RESOURCE_SPANS, _SCOPE_SPANS))
    if sum(1 for _ in islice(fields, MOST_FIELDS + 1)) > MOST_FIELDS:
        raise TooMuchError(f"send at most {MOST_FIELDS} spans in a request")


def check_json(body: bytes) -> None:
    """Raises `TooMuchError`. A brace in a text counts as an object, too."""
    if body.count(b"{") > MOST_OBJECTS:
        raise TooMuchError(f"send at most {MOST_OBJECTS} objects in a request")
