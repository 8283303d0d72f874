"""The `docker` command, as the tests ask it about one system's containers."""

import json
import os
import signal
import subprocess
from typing import Any

from infra.launcher.containers.containers import Containers


def docker(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it; its exit status is not judged here."""
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)  # noqa: S603, S607 - `docker`


def of_part(containers: Containers, part: str) -> str:
    """The name of a part's container."""
    return f"counterstep-{containers.home.fingerprint}-{part}-1"


def inside(containers: Containers, part: str, script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell's script in a part's container, as its own account."""
    return docker("exec", of_part(containers, part), "sh", "-c", script)


def inspected(containers: Containers, part: str) -> dict[str, Any]:
    """What the engine knows of a part's container."""
    found: list[dict[str, Any]] = json.loads(docker("container", "inspect", of_part(containers, part)).stdout)
    return found[0]


def crash(containers: Containers, part: str) -> None:
    """Kill a part from outside: the engine starts it again, as it would not after `docker kill`."""
    os.kill(inspected(containers, part)["State"]["Pid"], signal.SIGKILL)
