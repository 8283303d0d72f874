"""Runs a command that takes its time, and keeps what it says."""

import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence

from infra.machine.user_error import UserError

BETWEEN_LOOKS = 1.0  # seconds; a look at the containers is a command of its own


def run(
    command: Sequence[str], environment: Mapping[str, str], each_second: Callable[[], None] = lambda: None
) -> tuple[int, str]:
    """Return its exit status and all that it printed; `each_second` is called until it ends.

    Raises UserError if there is no such program.
    """
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        try:
            program = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)  # noqa: S603 - `docker`
        except OSError as error:
            raise UserError("docker", f"cannot be run: {error.strerror}") from None
        with program:
            while _still_runs(program):
                each_second()
        output.seek(0)
        return program.returncode, output.read()


def _still_runs(program: subprocess.Popen[bytes]) -> bool:
    try:
        program.wait(BETWEEN_LOOKS)
    except subprocess.TimeoutExpired:
        return True
    return False
