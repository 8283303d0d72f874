"""The `docker compose` commands by which one home's containers are run."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from infra.machine.checkout import CHECKOUT

FILE = CHECKOUT / "infra" / "compose.yaml"
READY_WITHIN = 300  # seconds, for all of it; pulling and building are not counted


@dataclass(frozen=True)
class Compose:
    """Compose for one stack, with the variables that its file asks for."""

    stack: str
    variables: Path

    @property
    def image(self) -> str:
        """The name of the image that is built from this checkout."""
        return f"counterstep:{self.stack}"

    def build(self, base: str) -> list[str]:
        """Build our image on this base."""
        recipe = ("--file", str(FILE.with_name("Dockerfile")), "--build-arg", f"PYTHON={base}")
        return ["docker", "build", "--tag", self.image, *recipe, str(CHECKOUT)]

    def up(self) -> list[str]:
        """Start all of it from images that are here, and wait until it is healthy."""
        waiting = ("--wait", "--wait-timeout", str(READY_WITHIN))
        return self._command("up", "--detach", "--no-build", "--pull", "never", "--remove-orphans", *waiting)

    def start(self, part: str) -> list[str]:
        """Start one part, and wait until it is healthy."""
        return self._command("up", "--detach", "--no-deps", "--wait", "--wait-timeout", str(READY_WITHIN), part)

    def stop(self, part: str) -> list[str]:
        return self._command("stop", part)

    def down(self) -> list[str]:
        return self._command("down", "--remove-orphans")

    def clean(self) -> list[str]:
        """Remove the volumes, too."""
        return self._command("down", "--remove-orphans", "--volumes")

    def forget_image(self) -> list[str]:
        """Remove the image that was built; it may never have been."""
        return ["docker", "image", "rm", "--force", self.image]

    def containers(self) -> list[str]:
        """List every container, running or not, as JSON."""
        return self._command("ps", "--all", "--format", "json")

    def container_ids(self) -> list[str]:
        """List the engine's numbers of every container, running or not."""
        return self._command("ps", "--all", "--quiet")

    def logs(self, part: str | None, *, lines: int, follow: bool) -> list[str]:
        arguments = [f"--tail={lines}", *(["--follow"] if follow else []), *([part] if part else [])]
        return self._command("logs", *arguments)

    def _command(self, *arguments: str) -> list[str]:
        """Without escape sequences: what Compose prints is read by us, or goes through a pipe."""
        project = (f"--project-name=counterstep-{self.stack}", f"--env-file={self.variables}", f"--file={FILE}")
        return ["docker", "compose", "--ansi=never", *project, *arguments]


@cache
def document() -> dict[str, Any]:
    """The compose file, with its variables as they are written."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return found
