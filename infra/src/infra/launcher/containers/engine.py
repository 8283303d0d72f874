"""The Docker engine of this machine, spoken to by its own command."""

import subprocess
from collections.abc import Mapping, Sequence

from infra.machine.user_error import UserError

PATIENCE = 15  # seconds; an engine that is elsewhere and gone may never answer
QUESTIONS = (["docker", "info"], ["docker", "compose", "version"])


def answers(environment: Mapping[str, str]) -> bool:
    """Tell whether an engine answers, and Compose is there; the command alone is not enough."""
    return all(_succeeds(question, environment) for question in QUESTIONS)


def show(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Run a command whose progress a person watches on the terminal; tell whether it succeeded."""
    return subprocess.run(command, env=environment, check=False).returncode == 0  # noqa: S603 - `docker`


def ask(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return what a command answers. Raises UserError with what it complained of."""
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - as above
    except OSError as error:
        raise UserError("docker", f"cannot be run: {error.strerror}") from None
    if done.returncode:
        raise UserError("docker", f"`{' '.join(command[:2])} … {command[-1]}` failed", done.stderr)
    return done.stdout


def _succeeds(command: Sequence[str], environment: Mapping[str, str]) -> bool:
    try:
        done = subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603 - as above
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
