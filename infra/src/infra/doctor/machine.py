"""Examines the machine: memory, disk, open files and clock."""

import os
import platform
import resource
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
from rich.filesize import decimal

from infra.doctor.finding import Finding, broken, fine
from infra.machine.checkout import CHECKOUT

MIN_DISK = 1_000_000_000  # bytes; the broker stops taking messages long before a disk is full
MIN_MEMORY = 750_000_000  # bytes, to start with: broker, database, four services
MIN_OPEN_FILES = 1_024  # what the supervisor requires; each connection is one

MIN_ADDRESSES = 4_000_000_000  # bytes of address space, of which little becomes memory


def examine(home: Path, *, running: bool) -> Iterator[Finding]:
    """Examine the machine; memory only while none of our processes runs."""
    yield fine("machine", f"{platform.system()} {platform.machine()}, Python {platform.python_version()}")
    yield disk(home)
    if not running:
        yield memory(psutil.virtual_memory().available)
    yield files(*resource.getrlimit(resource.RLIMIT_NOFILE))
    yield from address_space(resource.getrlimit(resource.RLIMIT_AS)[0])
    yield clock(datetime.now(UTC), CHECKOUT)


def disk(home: Path) -> Finding:
    folder = next(each for each in (home, *home.parents) if each.exists())
    free = shutil.disk_usage(folder).free
    detail = f"{decimal(free)} free at {folder}"
    if not os.access(folder, os.W_OK):
        return broken("disk", f"{folder} cannot be written by you", "set COUNTERSTEP_RUN to a folder that can")
    if free >= MIN_DISK:
        return fine("disk", detail)
    return broken("disk", detail, f"free {decimal(MIN_DISK)}, or set COUNTERSTEP_RUN to a folder on another disk")


def memory(available: int) -> Finding:
    detail = f"{decimal(available)} available"
    if available >= MIN_MEMORY:
        return fine("memory", detail)
    return broken("memory", detail, f"stop other programs until {decimal(MIN_MEMORY)} are available")


def files(soft: int, hard: int) -> Finding:
    if resource.RLIM_INFINITY in {soft, hard} or soft >= MIN_OPEN_FILES:
        return fine("open files", f"at most {soft if soft != resource.RLIM_INFINITY else 'any number'}")
    raised = (
        f"ulimit -n {MIN_OPEN_FILES}"
        if hard >= MIN_OPEN_FILES
        else f"sudo prlimit --pid $$ --nofile={MIN_OPEN_FILES}"
    )
    return broken("open files", f"at most {soft}, and {MIN_OPEN_FILES} are needed", f"type: {raised}")


def address_space(limit: int) -> Iterator[Finding]:
    """Erlang reserves far more addresses than it uses memory, and does not start without them."""
    if limit != resource.RLIM_INFINITY and limit < MIN_ADDRESSES:
        detail = f"at most {decimal(limit)} for one process, and RabbitMQ reserves {decimal(MIN_ADDRESSES)}"
        yield broken("address space", detail, "type: ulimit -v unlimited")


def clock(now: datetime, checkout: Path) -> Finding:
    """A clock that is earlier than the files of this checkout is wrong: tokens and certificates are invalid."""
    newest = datetime.fromtimestamp((checkout / "Makefile").stat().st_mtime, UTC)
    detail = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if now >= newest:
        return fine("clock", detail)
    return broken(
        "clock",
        f"{detail}, which is before this checkout was made",
        "set the clock, for example: sudo timedatectl set-ntp true",
    )
