"""The containers' settings and secrets as files, and the variables of `compose.yaml`.

Each file is mounted into the containers that need it and read there under another account, so it is open to all,
whatever the umask of the user or of the checkout; the folder around them is closed, so on this machine nobody else
reaches them.
"""

from collections.abc import Mapping
from pathlib import Path

from contracts.topology import SERVICES, SHOP

from infra.components import telemetry
from infra.components.console import CONSOLE, Console
from infra.components.postgres import conf as postgres_conf
from infra.components.postgres.conf import INITDB
from infra.components.postgres.databases import SUPERUSER_SECRET, WATCHER_SECRET, Databases
from infra.components.rabbitmq import conf as rabbitmq_conf
from infra.components.rabbitmq.conf import ADMIN, ADVANCED, PLUGINS
from infra.components.rabbitmq.node import RabbitMQ
from infra.components.service import Service, handed_on
from infra.components.traces import Traces
from infra.launcher.containers.choices import Choices
from infra.machine.checkout import CHECKOUT
from infra.machine.home import Home
from infra.machine.loopback import LOOPBACK
from infra.machine.ports import Ports, variable
from infra.machine.private_file import write_private

INSIDE = Ports()
"""Where the parts listen in their containers, whatever ports they are published on."""
EVERY_ADDRESS = "0.0.0.0"  # noqa: S104 - of a container, whose ports are published on loopback alone
GRAFANA_SECRET = "grafana.admin"  # noqa: S105 - its name
VARIABLES = "compose.env"
READ_BY_OTHERS = ("jaeger/jaeger.yaml", "prometheus/prometheus.yml", "prometheus/alerts.yml")
"""Below `infra`: settings that are the same for every home."""
FOLDERS_OF_GRAFANA = ("grafana/provisioning", "grafana/dashboards")


def variables(home: Home, ports: Ports) -> dict[str, str]:
    """The variables that `compose.yaml` uses."""
    return {
        "COUNTERSTEP_RUN": str(home.path),
        "COUNTERSTEP_STACK": home.fingerprint,
        "POSTGRES_INITDB_ARGS": " ".join(INITDB),
        **{variable(name): str(port) for name, port in ports},
    }


def write(home: Home, ports: Ports, environment: Mapping[str, str]) -> None:
    """Write all of them. Raises UserError where the environment chooses something that is not there."""
    folder = home.container_files
    chosen = Choices.of(environment, folder / VARIABLES)
    told = {**variables(home, ports), **chosen.variables}
    lines = "".join(f"{name}='{value}'\n" for name, value in told.items())
    settings = _settings(home, ports, environment, chosen.without)
    for name, text in {VARIABLES: lines, **_secrets(home), **settings}.items():
        _write_open(folder / name, text)
    for path in (CHECKOUT / "infra" / each for each in READ_BY_OTHERS):
        _write_open(folder / path.name, path.read_text())
    for each in FOLDERS_OF_GRAFANA:
        _copy(CHECKOUT / "infra" / each, folder / each)


def _write_open(path: Path, text: str) -> None:
    write_private(path, text)
    path.chmod(0o644)


def _copy(source: Path, target: Path) -> None:
    """Make a folder equal to another. It stays the same folder: a container may have it mounted."""
    for path in source.rglob("*"):
        if path.is_file():
            _write_open(target / path.relative_to(source), path.read_text())
    for path in (target, *target.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
        elif not (source / path.relative_to(target)).exists():
            path.unlink()


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


def _settings(home: Home, ports: Ports, environment: Mapping[str, str], without: frozenset[str]) -> dict[str, str]:
    broker, databases = RabbitMQ(home, INSIDE, "rabbitmq"), Databases(home, INSIDE.postgres, "postgres")
    more = {} if Traces.name in without else _traces(ports, environment)
    of_services = {**more, **handed_on(environment)}
    services = [Service(name, getattr(INSIDE, name), home) for name in SERVICES]
    console = Console(CONSOLE, INSIDE.console, home)
    urls = {each.name: f"http://{each.name}:{each.port}" for each in services}
    seen = more if "grafana" in without else {**more, "GRAFANA_URL": f"http://{LOOPBACK}:{ports.grafana}"}
    return {
        "rabbitmq.conf": rabbitmq_conf.render(INSIDE, home.secret(f"broker.{ADMIN}"), None, EVERY_ADDRESS),
        "advanced.config": ADVANCED,
        "enabled_plugins": PLUGINS,
        "postgresql.conf": postgres_conf.render(INSIDE.postgres, EVERY_ADDRESS),
        **{
            f"{each.name}.env": each.settings(EVERY_ADDRESS, _variables(each, databases, broker, of_services))
            for each in services
        },
        f"{CONSOLE}.env": console.settings(EVERY_ADDRESS, console.variables(urls, broker.management_url, seen)),
    }


def _traces(ports: Ports, environment: Mapping[str, str]) -> dict[str, str]:
    collector, page = f"http://{Traces.name}:{INSIDE.otlp}", f"http://{LOOPBACK}:{ports.traces}"
    return telemetry.of_our_collector(environment, collector, page, takes=("TRACES",))


def _variables(
    service: Service, databases: Databases, broker: RabbitMQ, more: Mapping[str, str]
) -> dict[str, str]:
    return service.variables(
        database_url=databases.url(service.name), amqp_url=broker.url(service.name), more=more
    )
