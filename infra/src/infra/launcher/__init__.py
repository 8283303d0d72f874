"""Running all of Counterstep on this machine: natively, or in containers.

`Deployment` is what both ways have in common. `select_backend` returns the one that this checkout uses.
"""

from infra.launcher.containers import compose, engine
from infra.launcher.deployment import Deployment
from infra.launcher.native.stack import Stack
from infra.launcher.native.supervision import Process
from infra.launcher.progress import Progress
from infra.launcher.selection import select_backend, select_to_examine
from infra.launcher.status import PartStatus, Status

__all__ = [
    "Deployment",
    "PartStatus",
    "Process",
    "Progress",
    "Stack",
    "Status",
    "compose",
    "engine",
    "select_backend",
    "select_to_examine",
]
