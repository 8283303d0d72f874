"""`infra/compose.yaml`, as the tests read it."""

from pathlib import Path
from typing import Any, Final

import yaml
from infra.launcher.containers import compose

DOCUMENT: Final[dict[str, Any]] = yaml.safe_load(compose.FILE.read_text())
SERVICES: Final[dict[str, dict[str, Any]]] = DOCUMENT["services"]
FOLDER: Final[Path] = compose.FILE.parent
RUN: Final = "${COUNTERSTEP_RUN:?}"
