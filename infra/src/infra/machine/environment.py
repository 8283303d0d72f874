"""The environment of supervised processes: little, so that nobody's shell changes what runs."""

import os

from infra.machine.home import Home

INHERITED = ("PATH", "HOME", "USER", "LANG", "TMPDIR")
MARK = "COUNTERSTEP_HOME"


def base_environment(home: Home) -> dict[str, str]:
    """What every process of this home is given; by the mark its processes are found again."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {**inherited, "PYTHONUNBUFFERED": "1", MARK: str(home.path)}
