"""Every place that names each service, beside the folder of its own: all else is derived from the first.

In each of them the orchestrator comes after the participants, so a new one is written before it.
"""

from typing import Final

from contracts.topology import ORCHESTRATOR, SERVICES

from infra.machine.ports import Ports
from infra.scaffolding.place import Place
from infra.scaffolding.python_place import Element, Statement

COMPOSE: Final = "infra/compose.yaml"

OF_SERVICES: Final = (
    Element("contracts/src/contracts/topology.py", '"<name>"', of="ServiceName"),
    Statement("infra/src/infra/machine/ports.py", "<name>: Port = <port>"),
    Place("pyproject.toml", "<name> = { workspace = true }\n"),
    Place("pyproject.toml", '    "$MYPY_CONFIG_FILE_DIR/services/<name>/src",\n'),
    Place("pyproject.toml", '    "<name>",\n'),
    Place("pyproject.toml", '    "<name>.**",\n'),
    Place("pyproject.toml", "<name> | "),
    Place(COMPOSE, "      - broker.<name>\n"),
    Place(COMPOSE, "      - database.<name>\n"),
    Place(COMPOSE, "      - {source: <name>.env, target: /run/services/<name>.env}\n"),
    Place(
        COMPOSE,
        """\
  <name>:
    <<: *service
    command: [python, -m, <name>]
    environment: {COUNTERSTEP_ENV_FILE: /run/secrets/<name>.env}
    secrets: [<name>.env]
    ports: ["127.0.0.1:${<NAME>_PORT:?}:<port>"]

""",
    ),
    Place(COMPOSE, '  <name>.env: {file: "${COUNTERSTEP_RUN:?}/docker/<name>.env"}\n'),
    Place(COMPOSE, '  broker.<name>: {file: "${COUNTERSTEP_RUN:?}/docker/broker.<name>"}\n'),
    Place(COMPOSE, '  database.<name>: {file: "${COUNTERSTEP_RUN:?}/docker/database.<name>"}\n'),
    Place(
        "infra/prometheus/prometheus.yml",
        """\
  - job_name: <name>
    static_configs: [targets: ["<name>:<port>"]]
""",
    ),
)


def service_values(name: str, port: int) -> dict[str, str]:
    """What the entries of a service say."""
    return {"name": name, "NAME": name.upper(), "port": str(port)}


KNOWN_SERVICES: Final = {name: service_values(name, getattr(Ports(), name)) for name in SERVICES}
"""What the entries of the services that are there say."""

LAST_SERVICE: Final = KNOWN_SERVICES[ORCHESTRATOR]
