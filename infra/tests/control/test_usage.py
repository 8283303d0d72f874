"""What a part uses, with the processes that it started."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from infra.control.usage import UsageMeter

MEGABYTES = 1024 * 1024
BUSY = "held = bytearray(b'x' * 64 * 1024 * 1024)\nprint('on', flush=True)\nwhile True: pass"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}])"


@pytest.fixture
def parent() -> Iterator[int]:
    """A process that does nothing but wait for its busy child."""
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:  # noqa: S603 - ours
        assert process.stdout is not None
        assert process.stdout.readline() == b"on\n"
        yield process.pid
        os.killpg(process.pid, 9)


def test_a_part_s_use_is_that_of_all_processes_that_it_started(parent: int) -> None:
    meter = UsageMeter()
    first = meter.look({"payment": parent})["payment"]
    assert first.cpu is None
    assert 64 * MEGABYTES < first.memory < 200 * MEGABYTES
    while not (cpu := meter.look({"payment": parent})["payment"].cpu):
        os.sched_yield()
    assert cpu > 0


def test_a_process_that_has_ended_is_left_out() -> None:
    assert UsageMeter().look({"payment": 2**22 + 1}) == {}
