"""The development container: where its pages are, and what it is built from."""

import json
import subprocess
import sys
from pathlib import Path

from infra.machine.checkout import CHECKOUT
from infra.machine.ports import Ports

FOLDER = CHECKOUT / ".devcontainer"
CONTAINER = json.loads((FOLDER / "devcontainer.json").read_text())


def test_every_page_is_forwarded_under_its_part_s_name() -> None:
    labels = {int(port): shown["label"] for port, shown in CONTAINER["portsAttributes"].items()}
    assert sorted(labels) == CONTAINER["forwardPorts"]
    assert {label: getattr(Ports(), label) for label in labels.values()} == {
        label: port for port, label in labels.items()
    }


def test_its_dockerfile_keeps_to_what_is_good_practice() -> None:
    linter = Path(sys.executable).parent / "hadolint"
    dockerfile = FOLDER / CONTAINER["build"]["dockerfile"]
    done = subprocess.run([linter, dockerfile], capture_output=True, text=True, check=False)  # noqa: S603 - as we pinned it
    assert done.returncode == 0, done.stdout
