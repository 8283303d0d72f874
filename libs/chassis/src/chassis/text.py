"""Text that people send to be stored, or to be looked for."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("write it on one line, in printable characters")
    return text


OneLine = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(_printable)
]
"""1 to 500 characters on one line; a database can hold no NUL, and a log no line break."""
