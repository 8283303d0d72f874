"""What an examination finds."""

from typing import Literal, TypeAlias

from pydantic import BaseModel

Verdict: TypeAlias = Literal["fine", "optional", "broken"]


class Finding(BaseModel, frozen=True):
    """One thing that was looked at; `cure` is what to do where it is not fine."""

    subject: str
    verdict: Verdict
    told: str
    cure: str | None = None


def fine(subject: str, told: str) -> Finding:
    return Finding(subject=subject, verdict="fine", told=told)


def optional(subject: str, told: str, cure: str) -> Finding:
    """Something that the system does without."""
    return Finding(subject=subject, verdict="optional", told=told, cure=cure)


def broken(subject: str, told: str, cure: str) -> Finding:
    return Finding(subject=subject, verdict="broken", told=told, cure=cure)
