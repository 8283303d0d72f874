"""A proof as a person reads it."""

from collections.abc import Iterator

from counterstep.saga.proof.prove import Proof, Violation
from counterstep.saga.proof.scope import Scope


def figures(scope: Scope, proof: Proof) -> str:
    """One line: what was searched, within which bounds, and how much of it there is."""
    without = f" without {', '.join(scope.skipped)}" if scope.skipped else ""
    return (
        f"{scope.saga.name}{without}, {scope.attempts} attempts, {scope.stalled} stalled: "
        f"{proof.states:,} states, {proof.transitions:,} transitions, depth {proof.depth}, {proof.seconds:.1f} s"
    )


def trace(violation: Violation) -> Iterator[str]:
    """What should have held, and how it comes about that it does not."""
    yield f"broken: {violation.rule}"
    yield from (f"{number:>3}. {line}" for number, line in enumerate(violation.trace, 1))
