"""What may keep the system from running on this machine, each with its remedy. The doctor changes nothing."""

from infra.doctor.examination import examine
from infra.doctor.finding import Finding

__all__ = [
    "Finding",
    "examine",
]
