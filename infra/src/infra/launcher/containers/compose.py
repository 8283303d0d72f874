"""The `docker compose` commands by which one home's containers are run."""

from dataclasses import dataclass
from pathlib import Path

from infra.machine.checkout import CHECKOUT

FILE = CHECKOUT / "infra" / "compose.yaml"
READY_WITHIN = 300  # seconds, for all of it; pulling and building are not counted


@dataclass(frozen=True)
class Compose:
    """Compose for one stack, with the variables that its file asks for."""

    stack: str
    variables: Path

    def up(self) -> list[str]:
        """Pull and build what is missing, start it, and wait until all of it is healthy."""
        waiting = ("--wait", "--wait-timeout", str(READY_WITHIN))
        return self._command("up", "--detach", "--build", "--remove-orphans", *waiting)

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
        return ["docker", "image", "rm", "--force", f"counterstep:{self.stack}"]

    def containers(self) -> list[str]:
        """List every container, running or not, as JSON."""
        return self._command("ps", "--all", "--format", "json")

    def logs(self, part: str | None, *, lines: int, follow: bool) -> list[str]:
        arguments = [f"--tail={lines}", *(["--follow"] if follow else []), *([part] if part else [])]
        return self._command("logs", *arguments)

    def _command(self, *arguments: str) -> list[str]:
        project = (f"--project-name=counterstep-{self.stack}", f"--env-file={self.variables}", f"--file={FILE}")
        return ["docker", "compose", *project, *arguments]
