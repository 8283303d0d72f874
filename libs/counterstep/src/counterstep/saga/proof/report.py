"""A proof as a person reads it."""

from collections.abc import Iterator

from counterstep.saga.proof.scope import Scope
from counterstep.saga.proof.scoped import Proof, Violation


def figures(scope: Scope, proof: Proof) -> str:
    """One line: what was searched, within which bounds, and how much of it there is."""
    return (
        f"{bounds(scope)}: {proof.states:,} states, {proof.transitions:,} transitions,"
        f" depth {proof.depth}, {proof.seconds:.1f} s"
    )


def bounds(scope: Scope) -> str:
    """Which instances of the saga are meant, and how much may go wrong with them."""
    without = f" without {', '.join(scope.skipped)}" if scope.skipped else ""
    late = f", late decisions on {', '.join(scope.long)}" if scope.long else ""
    liar = f", {scope.adversary} says anything" if scope.adversary else ""
    attempts = counted(scope.attempts, "attempt")
    if scope.attempts > 1 and scope.repeated is not None:
        attempts += f" at {counted(scope.repeated, 'step')} at a time"
    return f"{scope.saga.name}{without}{late}{liar}, {attempts}, {scope.stalled} stalled"


def counted(count: int, thing: str) -> str:
    """`1 attempt`, `2 attempts`."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def trace(violation: Violation) -> Iterator[str]:
    """What should have held, how it comes about that it does not, and what is wrong then."""
    yield f"broken: {violation.rule}"
    yield from (f"{number:>3}. {line}" for number, line in enumerate(violation.trace, 1))
    yield from (f"     {line}" for line in violation.outcome)
