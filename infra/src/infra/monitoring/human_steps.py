"""The steps that a person decides, from the frozen definitions: no alert fires while a person has time."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from counterstep.monitoring.thresholds import HUMAN_STEP_SECONDS

from infra.machine.checkout import CHECKOUT

DEFINITIONS: Final = CHECKOUT / "services" / "orchestrator" / "golden"


def human_steps(definitions: Path = DEFINITIONS) -> dict[str, timedelta]:
    """The steps whose timeout is so long that they wait for a person, each with the longest of its timeouts."""
    found: dict[str, timedelta] = {}
    for name, within in _steps(definitions):
        if within.total_seconds() > HUMAN_STEP_SECONDS:
            found[name] = max(within, found.get(name, within))
    return found


def _steps(definitions: Path) -> Iterator[tuple[str, timedelta]]:
    for file in sorted(definitions.glob("*.json")):
        steps: dict[str, Any] = json.loads(file.read_text())["steps"]
        yield from ((name, timedelta(seconds=step["within"])) for name, step in steps.items())
