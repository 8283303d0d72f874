"""An error, as RFC 9457 writes it."""

from pydantic import BaseModel

MEDIA_TYPE = "application/problem+json"


class FieldError(BaseModel):
    """One thing wrong with a request: where, such as `body.nights`, and what it should be instead."""

    field: str
    detail: str


class ProblemDetails(BaseModel):
    """A problem; `type` is about:blank, so `title` is the status in words."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldError] | None = None
