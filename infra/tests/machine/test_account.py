import os
from pathlib import Path

import pytest
from infra.machine.account import can_reach, identity, unprivileged

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
as_a_user = pytest.mark.skipif(os.geteuid() == 0, reason="root has to become somebody else")


@as_a_user
def test_a_user_runs_everything_as_themselves(tmp_path: Path) -> None:
    assert unprivileged(tmp_path, {}) is None
    assert identity(None) == {}


@as_root
def test_root_becomes_somebody_unprivileged(tmp_path: Path) -> None:
    account = unprivileged(tmp_path, {})
    assert account is not None
    assert account.pw_uid != 0


@as_root
def test_root_becomes_the_owner_of_the_checkout(tmp_path: Path) -> None:
    os.chown(tmp_path, 1, 1)
    account = unprivileged(tmp_path, {})
    assert account is not None
    assert account.pw_uid == 1


@as_root
def test_sudo_becomes_whoever_called_it(tmp_path: Path) -> None:
    account = unprivileged(tmp_path, {"SUDO_UID": "1"})
    assert account is not None
    assert account.pw_uid == 1


@as_root
def test_an_account_cannot_reach_what_lies_in_a_closed_folder(tmp_path: Path) -> None:
    account = unprivileged(tmp_path, {})
    assert account is not None
    inside = tmp_path / "inside"
    inside.mkdir()
    tmp_path.chmod(0o700)
    assert not can_reach(account, inside)
