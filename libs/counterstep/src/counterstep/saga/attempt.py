"""An attempt at a step: the engine's unit of work for participants."""

from dataclasses import dataclass

from counterstep.protocol.answers import Direction


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at one step in one direction. A command carries it, and the reply brings it back.

    The engine compares attempts to tell a reply that it waits for from one that comes late or twice.
    """

    step: str
    direction: Direction
    """`"forward"` for the step itself, `"compensation"` to undo it."""
    number: int = 1
    """1 for the first command, one more for each resend."""
