import os
import subprocess
from pathlib import Path

from infra.launcher.native import orphans
from infra.machine.environment import MARK


def sleeper(home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(["/bin/sleep", "60"], env={**os.environ, MARK: str(home)})


def test_what_outlived_its_supervisor_is_ended(tmp_path: Path) -> None:
    stray = sleeper(tmp_path)
    orphans.end(tmp_path)
    assert stray.poll() is not None


def test_the_processes_of_another_home_are_left_alone(tmp_path: Path) -> None:
    theirs = sleeper(tmp_path / "theirs")
    orphans.end(tmp_path / "ours")
    assert theirs.poll() is None
    theirs.kill()
    theirs.wait()
