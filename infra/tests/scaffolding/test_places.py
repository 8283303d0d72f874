"""Every service is named in every list of services, and a new entry has one place in each file."""

from pathlib import Path

import pytest
from contracts.topology import SERVICES
from infra.machine.checkout import CHECKOUT
from infra.machine.user_error import UserError
from infra.scaffolding.place import Place, edited
from infra.scaffolding.places import KNOWN_SERVICES, LAST_SERVICE, OF_SERVICES, service_values

SHIPPING = service_values("shipping", 8005)
PORTS = Place("ports.py", "    <name>: Port = <port>\n")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_named_at_every_place(name: str) -> None:
    values = KNOWN_SERVICES[name]
    missing = [
        f"{place.file}: {place.entry(values)}"
        for place in OF_SERVICES
        if not place.holds((CHECKOUT / place.file).read_text(), values)
    ]
    assert not missing, "\n".join(missing)


def test_a_new_entry_comes_before_the_orchestrator_s_at_every_place() -> None:
    texts = edited(CHECKOUT, OF_SERVICES, SHIPPING, LAST_SERVICE)
    for place in OF_SERVICES:
        text = texts[CHECKOUT / place.file].replace("'", '"')
        assert place.holds(text, SHIPPING)
        assert text.index(place.entry(SHIPPING)) < text.index(place.entry(LAST_SERVICE))


def test_an_entry_is_written_once(tmp_path: Path) -> None:
    (tmp_path / PORTS.file).write_text(once := PORTS.entry(SHIPPING) + PORTS.entry(LAST_SERVICE))
    assert edited(tmp_path, (PORTS,), SHIPPING, LAST_SERVICE) == {tmp_path / PORTS.file: once}


@pytest.mark.parametrize("text", ["", PORTS.entry(LAST_SERVICE) * 2])
def test_a_place_that_is_gone_is_told_with_its_file(text: str, tmp_path: Path) -> None:
    (tmp_path / PORTS.file).write_text(text)
    with pytest.raises(UserError, match=r"ports.py: a new entry belongs before `orchestrator: Port = 8004`"):
        edited(tmp_path, (PORTS,), SHIPPING, LAST_SERVICE)
