"""Each room of infra has a door and a README that names its files."""

from pathlib import Path

import pytest
from infra.machine.checkout import CHECKOUT

INFRA = CHECKOUT / "infra"
ROOMS = sorted(each.parent for each in (INFRA / "src" / "infra").glob("*/__init__.py"))
HIDDEN = {"__init__.py", "__pycache__", "README.md", "static", "templates"}


def test_everything_stands_in_a_room() -> None:
    flat = {each.name for each in (INFRA / "src" / "infra").glob("*.py")}
    assert flat == {"__init__.py"}
    assert len(ROOMS) > 1


def test_the_house_s_readme_names_every_room() -> None:
    readme = (INFRA / "README.md").read_text()
    assert [room.name for room in ROOMS if f"src/infra/{room.name}/README.md" not in readme] == []


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_s_door_says_what_it_is(room: Path) -> None:
    assert (room / "__init__.py").read_text().startswith('"""')


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_s_readme_names_every_file_and_fits_on_a_screen(room: Path) -> None:
    readme = (room / "README.md").read_text()
    unnamed = [each.name for each in room.iterdir() if each.name not in HIDDEN and f"({each.name})" not in readme]
    assert unnamed == []
    assert len(readme.splitlines()) <= 50
