"""The containers' settings and secrets as files, and the variables of `compose.yaml`.

Each file is mounted into the containers that need it and read there under another account, so it is open to all;
the folder around them is closed, so on this machine nobody else reaches them.
"""

from collections.abc import Mapping

from contracts.topology import SERVICES, SHOP

from infra.components import traces
from infra.components.console import CONSOLE, Console
from infra.components.postgres import conf as postgres_conf
from infra.components.postgres.conf import INITDB
from infra.components.postgres.databases import SUPERUSER_SECRET, WATCHER_SECRET, Databases
from infra.components.rabbitmq import conf as rabbitmq_conf
from infra.components.rabbitmq.conf import ADMIN, ADVANCED, PLUGINS
from infra.components.rabbitmq.node import RabbitMQ
from infra.components.service import Service
from infra.components.traces import Traces
from infra.machine.home import Home
from infra.machine.loopback import LOOPBACK
from infra.machine.ports import Ports, variable
from infra.machine.private_file import write_private

INSIDE = Ports()
"""Where the parts listen in their containers, whatever ports they are published on."""
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - of a container, whose ports are published on loopback alone
GRAFANA_SECRET = "grafana.admin"  # noqa: S105 - its name
VARIABLES = "compose.env"


def variables(home: Home, ports: Ports) -> dict[str, str]:
    """The variables that `compose.yaml` uses."""
    return {
        "COUNTERSTEP_RUN": str(home.path),
        "COUNTERSTEP_STACK": home.fingerprint,
        "POSTGRES_INITDB_ARGS": " ".join(INITDB),
        **{variable(name): str(port) for name, port in ports},
    }


def write(home: Home, ports: Ports, environment: Mapping[str, str]) -> None:
    """Write all of them."""
    folder = home.container_files
    lines = "".join(f"{name}='{value}'\n" for name, value in variables(home, ports).items())
    for name, text in {VARIABLES: lines, **_secrets(home), **_settings(home, ports, environment)}.items():
        write_private(folder / name, text)
        (folder / name).chmod(0o644)


def _secrets(home: Home) -> dict[str, str]:
    owners = (f"{kind}.{name}" for kind in ("broker", "database") for name in SERVICES)
    names = (
        f"broker.{ADMIN}",
        f"broker.{SHOP.watcher}",
        SUPERUSER_SECRET,
        WATCHER_SECRET,
        GRAFANA_SECRET,
        *owners,
    )
    return {name: home.secret(name) for name in names}


def _settings(home: Home, ports: Ports, environment: Mapping[str, str]) -> dict[str, str]:
    broker, databases = RabbitMQ(home, INSIDE, "rabbitmq"), Databases(home, INSIDE.postgres, "postgres")
    more = {
        traces.ENDPOINT: f"http://{Traces.name}:{INSIDE.otlp}",
        traces.PAGE: f"http://{LOOPBACK}:{ports.traces}",
        **{name: environment[name] for name in (traces.SAMPLED,) if name in environment},
    }
    services = [Service(name, getattr(INSIDE, name), home) for name in SERVICES]
    console = Console(CONSOLE, INSIDE.console, home)
    urls = {each.name: f"http://{each.name}:{each.port}" for each in services}
    seen = {**more, "GRAFANA_URL": f"http://{LOOPBACK}:{ports.grafana}"}
    return {
        "rabbitmq.conf": rabbitmq_conf.render(INSIDE, home.secret(f"broker.{ADMIN}"), None, EVERY_ADDRESS),
        "advanced.config": ADVANCED,
        "enabled_plugins": PLUGINS,
        "postgresql.conf": postgres_conf.render(INSIDE.postgres, EVERY_ADDRESS),
        **{
            f"{each.name}.env": each.settings(EVERY_ADDRESS, _variables(each, databases, broker, more))
            for each in services
        },
        f"{CONSOLE}.env": console.settings(EVERY_ADDRESS, console.variables(urls, broker.management_url, seen)),
    }


def _variables(
    service: Service, databases: Databases, broker: RabbitMQ, more: Mapping[str, str]
) -> dict[str, str]:
    return service.variables(
        database_url=databases.url(service.name), amqp_url=broker.url(service.name), more=more
    )
