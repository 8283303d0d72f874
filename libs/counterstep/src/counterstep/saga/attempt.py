"""What a run asks of a participant."""

from dataclasses import dataclass

from counterstep.protocol.answers import Direction


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at one step in one direction: what a command carries, and its reply brings back."""

    step: str
    direction: Direction
    attempt: int = 1
