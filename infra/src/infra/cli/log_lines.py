"""The lines of logs, as another program prints them, made harmless on their way to the terminal."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen
from time import sleep

from infra.logs import Line, Search, Wanted, matching_lines
from infra.machine.terminal import write_lines

INTERRUPTED = 130
LOOK_EVERY = 0.5
"""Seconds between two looks at the files."""


def show_matching(files: Mapping[str, Path], command: Sequence[str], wanted: Wanted, most: int) -> int:
    """Print the newest `most` entries that are wanted: of the files, or of the command without files.

    Returns the exit status.
    """
    if not files:
        return _run(command, lambda lines: deque(matching_lines(lines, wanted), maxlen=most))
    return _print(_lines(Search(files, wanted, most).read() if most else ())) or 0


def follow_matching(files: Mapping[str, Path], command: Sequence[str], wanted: Wanted, most: int) -> int:
    """As `show_matching`, and then what is new, until the user interrupts it."""
    if not files:
        return _run(command, lambda lines: matching_lines(lines, wanted))
    return _print(_lines(_followed(Search(files, wanted, max(most, 1))))) or 0


def show(command: Sequence[str]) -> int:
    """Run it, and print its lines until it ends or the user interrupts it. Returns the exit status."""
    return _run(command, iter)


def _run(command: Sequence[str], chosen: Callable[[Iterable[str]], Iterable[str]]) -> int:
    with Popen(command, stdout=PIPE, stderr=STDOUT, encoding="utf-8", errors="replace") as program:  # noqa: S603
        if (status := _print(chosen(program.stdout or ()))) is not None:
            program.terminate()
            return status
    return program.returncode


def _print(lines: Iterable[str]) -> int | None:
    """Print them. Returns the exit status where the user or the reader of the output wants no more."""
    try:
        write_lines(lines)
    except BrokenPipeError:  # the reader, such as `head`, wants no more; nor does Python's own last flush
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    return None


def _followed(search: Search) -> Iterator[Line]:
    while True:
        yield from search.read()
        sleep(LOOK_EVERY)


def _lines(found: Iterable[Line]) -> Iterator[str]:
    """Each line of an entry, with the part that wrote it."""
    for each in found:
        yield from (f"{each.part:<14} | {line}" for line in each.entry.text.splitlines())
