"""What a call to a service may end with instead of an answer."""

import re
from typing import Final

from pydantic import ValidationError

from counterstep.http.views.problem import MEDIA_TYPE, FieldError, ProblemDetails

FIRST_SERVER_ERROR: Final = 500
ERROR_NUMBER: Final = re.compile(r"\[Errno -?\d+\] ")
"""The operating system's error number, which its message repeats in words."""
SHORT: Final = 200
"""Bytes. A longer answer that is no problem is not repeated in the error."""


class ApiError(Exception):
    """A call to `service` brought no answer that can be used."""

    def __init__(self, service: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.service = service
        self.status = status
        """The HTTP status, where there was an answer at all."""


class ProblemError(ApiError):
    """The service answered with a problem (RFC 9457): it understood the request and refused it.

    `detail` says why in words for people, and `errors` names the fields that are wrong.
    """

    status: int

    def __init__(self, service: str, status: int, detail: str, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(service, detail, status)
        self.detail = detail
        self.errors = errors


class UnavailableError(ApiError):
    """The service does not answer, or answers with an error of its own (5xx). Trying again later may help."""

    def __init__(self, service: str, reason: str, status: int | None = None) -> None:
        self.reason = ERROR_NUMBER.sub("", reason)
        super().__init__(service, f"{service} does not answer: {self.reason}", status)


def error_of(service: str, status: int, media_type: str, content: bytes) -> ApiError:
    """The error that an answer other than 2xx stands for."""
    detail, errors = _problem(status, media_type, content)
    if status >= FIRST_SERVER_ERROR:
        return UnavailableError(service, detail, status)
    return ProblemError(service, status, detail, errors)


def _problem(status: int, media_type: str, content: bytes) -> tuple[str, tuple[FieldError, ...]]:
    if media_type.partition(";")[0] == MEDIA_TYPE:
        try:
            problem = ProblemDetails.model_validate_json(content)
        except ValidationError:  # a proxy between us and the service may have cut it short
            pass
        else:
            return problem.detail, tuple(problem.errors or ())
    text = content.decode(errors="replace").strip() if len(content) <= SHORT else ""
    return f"it answered {status}{text and f': {text}'}", ()
