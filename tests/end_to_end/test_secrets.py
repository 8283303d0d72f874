"""Secrets are readable by their owner alone, and appear in no log."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from contracts.topology import SERVICES
from infra.launcher.native.stack import Stack

OTHERS = 0o077


@pytest.fixture(scope="module")
def secrets(stack: Stack) -> set[bytes]:
    return {path.read_bytes() for path in (stack.home.path / "secrets").iterdir()}


def readable_files(home: Path) -> Iterator[Path]:
    """Every file of the home except the databases' own, whose folder is closed to others."""
    return (path for path in home.rglob("*") if path.is_file() and home / "postgres" not in path.parents)


def open_to_others(path: Path, home: Path) -> bool:
    """Whether somebody else could read it: the home itself may be closed, or not."""
    within = (path, *(folder for folder in path.parents if home in folder.parents))
    return all(each.stat().st_mode & OTHERS for each in within)


def test_every_user_of_the_broker_and_the_database_has_a_secret_of_its_own(secrets: set[bytes]) -> None:
    assert len(secrets) >= 2 * len(SERVICES)
    assert all(len(secret) >= 32 for secret in secrets)


def test_a_file_with_a_secret_in_it_is_readable_by_its_owner_alone(stack: Stack, secrets: set[bytes]) -> None:
    telling = [
        path for path in readable_files(stack.home.path) if any(secret in path.read_bytes() for secret in secrets)
    ]
    assert telling
    assert not [path for path in telling if open_to_others(path, stack.home.path)]


def test_no_log_contains_a_secret(stack: Stack, secrets: set[bytes]) -> None:
    for log in stack.home.logs.iterdir():
        assert not any(secret in log.read_bytes() for secret in secrets), log.name
