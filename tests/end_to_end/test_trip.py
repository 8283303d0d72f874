"""examples/trip runs on the platform's wheel alone, outside of the checkout."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest
from infra.launcher.native.stack import Stack
from infra.machine.ports import Ports
from port_lock import taking_ports

ROOT = Path(__file__).parents[2]
SHOP = ("contracts", "order", "inventory", "payment", "orchestrator", "console", "infra")
LONGEST_SCRIPT = 60  # lines


@dataclass(frozen=True)
class Outside:
    """A folder with a copy of the trip, and Python as it is there: the wheel and the locked libraries."""

    trip: Path
    libraries: tuple[Path, ...]

    def python(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join(map(str, self.libraries))
        bare = {name: os.environ[name] for name in ("HOME", "PATH", "TMPDIR") if name in os.environ}
        return subprocess.run(  # noqa: S603 - our own example
            [sys._base_executable, *arguments],  # type: ignore[attr-defined] # noqa: SLF001 - without this environment
            cwd=self.trip,
            env={**bare, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **environment},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Outside:
    """Built as `pip wheel` does it. On a path, unlike in an environment, no editable package is followed."""
    folder = tmp_path_factory.mktemp("outside")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT / "libs/counterstep", check=True, capture_output=True)  # noqa: S603 - ours
    (wheel,) = folder.glob("counterstep-*.whl")
    ZipFile(wheel).extractall(folder / "wheel")
    trip = shutil.copytree(ROOT / "examples/trip", folder / "trip", ignore=shutil.ignore_patterns("__pycache__"))
    return Outside(trip, (folder / "wheel", Path(pytest.__file__).parents[1]))


@pytest.fixture(scope="module")
def addresses(stack: Stack) -> Iterator[Mapping[str, str]]:
    """The stack's broker and database server; the trip gets a virtual host and databases of its own there."""
    home, ports = stack.home, stack.ports
    admin, postgres = home.secret("broker.admin"), home.secret("database.postgres")
    with taking_ports():
        first = Ports.free().console
        yield {
            "MANAGEMENT_URL": f"http://admin:{admin}@127.0.0.1:{ports.management}",
            "BROKER": f"127.0.0.1:{ports.amqp}",
            "POSTGRES_URL": f"postgresql://postgres:{postgres}@127.0.0.1:{ports.postgres}/postgres",
            "FIRST_PORT": str(first),
        }


def test_nothing_of_the_shop_is_there(outside: Outside) -> None:
    looked = outside.python(
        "-c",
        "from importlib.util import find_spec; import counterstep, trip.trip_orchestrator.book_trip;"
        f"print(counterstep.__file__, [name for name in {SHOP} if find_spec(name)])",
    )
    assert looked.stdout == f"{outside.libraries[0]}/counterstep/__init__.py []\n", looked.stderr


def test_the_trip_passes_its_own_tests(outside: Outside, addresses: Mapping[str, str]) -> None:
    tested = outside.python("-m", "pytest", "-q", "-p", "no:cacheprovider", **addresses)
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_one_short_script_books_a_trip(outside: Outside, addresses: Mapping[str, str]) -> None:
    assert len((outside.trip / "run.py").read_text().splitlines()) <= LONGEST_SCRIPT
    ran = outside.python("run.py", **addresses)
    assert "'status': 'confirmed'" in ran.stdout, ran.stdout + ran.stderr
