"""The part that a span plays in a saga's story."""

from enum import StrEnum

from infra.trace_sink.span import Span


class Role(StrEnum):
    """The roles of spans that the page draws differently."""

    SAGA = "saga"
    STEP = "step"
    COMPENSATION = "compensation"
    OTHER = "other"


PREFIXES = {"saga.step ": Role.STEP, "saga.compensate ": Role.COMPENSATION, "saga ": Role.SAGA}


def role(span: Span) -> Role:
    """Read it from the span's name."""
    return next((role for prefix, role in PREFIXES.items() if span.name.startswith(prefix)), Role.OTHER)


def reason(span: Span) -> str:
    """Why it ended like that; empty where there is nothing to say."""
    return str(span.attributes.get("saga.reason", ""))


def outcome(span: Span) -> str:
    """The outcome that the saga recorded; empty without one."""
    return str(span.attributes.get("saga.outcome", ""))
