"""A request as a value: what to send, and the type of the answer. How it is sent is decided elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar, cast

from pydantic import BaseModel, TypeAdapter
from pydantic_core import to_jsonable_python

Answer = TypeVar("Answer", covariant=True)
Item = TypeVar("Item")

Method: TypeAlias = Literal["GET", "POST", "PUT", "DELETE"]

LONGEST_PAGE: Final = 100
"""The most rows that a service returns at once."""


class Page(BaseModel, Generic[Item]):
    """Some rows of a list. `next_cursor` asks for the rows after them; it is null on the last page."""

    items: list[Item]
    next_cursor: str | None


@dataclass(frozen=True)
class Request(Generic[Answer]):
    """One HTTP request to a service, and the type that its JSON answer is read as.

    Query parameters that are `None` or empty are left out. `body` may be a pydantic model or plain data.

    With `wait` the service answers only when what it began has ended, or after this number of seconds. The
    client's timeout is then longer by this number.
    """

    method: Method
    path: str
    answer: type[Answer]
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: int = 0

    def __post_init__(self) -> None:
        """Say in the headers that the client is ready to wait (RFC 7240)."""
        if self.wait:
            object.__setattr__(self, "headers", {**self.headers, "Prefer": f"wait={self.wait}"})

    @property
    def parameters(self) -> dict[str, str | list[str]]:
        """The query as HTTP libraries take it: each value is a text or a list of texts."""
        given = {name: to_jsonable_python(value) for name, value in self.query.items()}
        return {
            name: [str(each) for each in value] if isinstance(value, list) else str(value)
            for name, value in given.items()
            if value is not None and value != ""
        }

    @property
    def json(self) -> Any:
        """The body as plain JSON data; `None` where the request has none."""
        return to_jsonable_python(self.body)

    def read(self, content: bytes) -> Answer:
        """The answer in these bytes. Raises pydantic's `ValidationError` where they are something else."""
        reader: TypeAdapter[Answer] = _reader(cast(Any, self.answer))
        return reader.validate_json(content)


def page_after(request: Request[Page[Item]], cursor: str) -> Request[Page[Item]]:
    """The same request for the page that begins at this cursor."""
    return replace(request, query={**request.query, "cursor": cursor})


@cache
def _reader(answer: Any) -> TypeAdapter[Any]:
    return TypeAdapter(answer)
