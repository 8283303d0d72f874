"""The lines of logs, as another program prints them, made harmless on their way to the terminal."""

import os
import sys
from collections.abc import Sequence
from subprocess import PIPE, STDOUT, Popen

from infra.machine.terminal import write_lines

INTERRUPTED = 130


def show(command: Sequence[str]) -> int:
    """Run it, and print its lines until it ends or the user interrupts it. Returns the exit status."""
    with Popen(command, stdout=PIPE, stderr=STDOUT, encoding="utf-8", errors="replace") as program:  # noqa: S603
        try:
            write_lines(program.stdout or ())
        except BrokenPipeError:  # the reader, such as `head`, wants no more; nor does Python's own last flush
            program.terminate()
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except KeyboardInterrupt:
            program.terminate()
            return INTERRUPTED
    return program.returncode
