"""Installing from the system's packages; scripts on PATH replace sudo and what it would run."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from infra.machine.packages import Package
from infra.machine.user_error import UserError

PACKAGE = Package("rabbitmq", apt="rabbitmq-server", service="rabbitmq-server", formula="rabbitmq")
APT = """echo 'Reading package lists...'
echo '0 upgraded, 31 newly installed, 0 to remove and 2 not upgraded.'
echo 'Need to get 25.1 MB of archives.'
echo 'Setting up erlang-base ...'"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Puts a program on PATH, where there is nothing else."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def put(name: str, script: str) -> None:
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    put("apt-get", "exit 1")
    return put


async def test_the_user_reads_what_is_installed_and_how_much_of_it(program: Callable[[str, str], None]) -> None:
    program("sh", APT)
    program("sudo", 'shift; "$@"')
    told: list[str] = []
    await PACKAGE.install(told.append)
    assert "rabbitmq-server is not installed: apt-get installs it now" in told[0]
    assert [line.split(",")[0] for line in told[1:]] == ["0 upgraded", "Need to get 25.1 MB of archives."]


async def test_sudo_is_announced_before_it_is_used(
    program: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    program("sudo", f"echo used >>{tmp_path}/sudo.log; exit 1")
    told: list[str] = []

    def tell(line: str) -> None:
        assert not (tmp_path / "sudo.log").exists()
        told.append(line)

    with pytest.raises(UserError, match=r"is not installed. Type: sudo sh .*install-server.sh rabbitmq-server"):
        await PACKAGE.install(tell)
    assert "as root by sudo" in told[0]
    assert (tmp_path / "sudo.log").exists()


async def test_an_installation_that_fails_shows_its_last_lines(program: Callable[[str, str], None]) -> None:
    program("sh", f"{APT}; echo 'E: no space left'; exit 100")
    program("sudo", 'shift; "$@"')
    with pytest.raises(UserError, match="E: no space left") as failed:
        await PACKAGE.install(lambda _: None)
    assert "ended with status 100" in failed.value.reason
