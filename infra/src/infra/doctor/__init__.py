"""Finds problems that could keep the system from running here, each with its fix. The doctor changes nothing."""

from infra.doctor.examination import examine
from infra.doctor.finding import Finding

__all__ = [
    "Finding",
    "examine",
]
