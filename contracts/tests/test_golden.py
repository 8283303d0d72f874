"""Every message of the shop is as its golden file says, and everything that was ever sent can still be read."""

import json
from pathlib import Path

import pytest
from contracts.topology import SHOP
from counterstep.protocol.golden.gate import problems
from counterstep.protocol.messages import Past

GOLDEN = Path(__file__).parents[1] / "golden"


def test_every_message_is_as_its_golden_file_says() -> None:
    assert list(problems(SHOP.contracts.versions, GOLDEN)) == []


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.json")), ids=lambda file: file.stem)
def test_a_past_body_is_read_as_the_current_message(file: Path) -> None:
    read = SHOP.contracts.readers[file.stem](json.dumps(json.loads(file.read_text())["sample"]))
    assert not isinstance(read, Past)
