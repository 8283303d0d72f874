"""Installing a server's programs from the system's packages, where that is allowed."""

import os
import re
import shlex
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra.machine.command import run
from infra.machine.user_error import UserError

INSTALLER = Path(__file__).parents[3] / "install-server.sh"

OF_INTEREST = re.compile(r"newly installed|^Need to get|^Fetched")
"""Of what apt-get prints: how much there is to do, and that the longest part of it is done."""


@dataclass(frozen=True)
class Package:
    """A server: the part that needs it, and its names with apt, with systemd and with Homebrew."""

    part: str
    apt: str
    service: str
    formula: str

    def installer(self, *, as_root: bool) -> list[str]:
        """The command that installs it, and starts no server of the system."""
        return [*([] if as_root else ["sudo"]), "sh", str(INSTALLER), self.apt, self.service]

    async def install(self, tell: Callable[[str], None]) -> None:
        """Install it with apt, and tell the user how far it is.

        Raises UserError with what to type where that is not allowed, or fails.
        """
        if not shutil.which("apt-get"):
            raise UserError(self.part, f"{self.apt} is not installed. On macOS type: brew install {self.formula}")
        command = self.installer(as_root=True)
        by = ", as root by sudo" if os.geteuid() else ""
        tell(f"{self.apt} is not installed: apt-get installs it now{by}; it takes one to three minutes")
        if os.geteuid():
            if not await _may_sudo():
                raise UserError(
                    self.part, f"{self.apt} is not installed. Type: {shlex.join(self.installer(as_root=False))}"
                )
            command = ["sudo", "--non-interactive", *command]

        def heard(line: str) -> None:
            if OF_INTEREST.search(line):
                tell(line)

        await run(self.part, command, environment=dict(os.environ), heard=heard)


async def _may_sudo() -> bool:
    if not shutil.which("sudo"):
        return False
    try:
        await run("sudo", ["sudo", "--non-interactive", "true"], environment=dict(os.environ))
    except UserError:
        return False
    return True
