from pathlib import Path

import pytest
from infra.components.postgres.placement import PROGRAMS, WHEEL, Placement
from infra.components.postgres.server import Postgres
from infra.machine.home import Home
from infra.machine.ports import Ports
from infra.machine.user_error import UserError


def test_data_of_another_version_are_told_with_what_to_do(tmp_path: Path) -> None:
    placement = Placement(Path(str(WHEEL.locate_file(PROGRAMS))), data=tmp_path / "postgres", account=None)
    placement.data.mkdir()
    (placement.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(UserError, match=r"the data are version 9's .* or start with new data: `make clean`"):
        Postgres(Home(tmp_path), Ports(), placement).prepare()
