"""What an examination finds."""

from typing import Literal, TypeAlias

from pydantic import BaseModel, Field

from infra.machine.typed import as_typed

Verdict: TypeAlias = Literal["fine", "optional", "broken"]


class Finding(BaseModel, frozen=True):
    """The result of one examination. In JSON, `detail` is the field `told`, and `fix` is the field `cure`."""

    subject: str
    verdict: Verdict
    detail: str = Field(serialization_alias="told")
    """What was found, in one line."""
    fix: str | None = Field(default=None, serialization_alias="cure")
    """What to do about it, with commands as this user types them; `None` if it is fine."""


def fine(subject: str, detail: str) -> Finding:
    """A finding that needs no action."""
    return Finding(subject=subject, verdict="fine", detail=detail)


def optional(subject: str, detail: str, fix: str) -> Finding:
    """A finding about something that the system can do without."""
    return Finding(subject=subject, verdict="optional", detail=detail, fix=as_typed(fix))


def broken(subject: str, detail: str, fix: str) -> Finding:
    """A finding that keeps the system from running."""
    return Finding(subject=subject, verdict="broken", detail=detail, fix=as_typed(fix))
