"""The addresses that Prometheus and Grafana get for the containers."""

from typing import Any
from urllib.parse import urlsplit

import yaml
from compose_file import FOLDER, SERVICES
from contracts.topology import SERVICES as OURS
from contracts.topology import SHOP
from infra.components.console import CONSOLE
from infra.launcher.containers.containers import SETUP
from infra.machine.ports import Ports
from infra.monitoring import jobs

PROMETHEUS: dict[str, Any] = yaml.safe_load((FOLDER / "prometheus" / "prometheus.yml").read_text())
SCRAPED: dict[str, Any] = {job["job_name"]: job for job in PROMETHEUS["scrape_configs"]}
DATASOURCES = FOLDER / "grafana" / "provisioning" / "datasources" / "counterstep.yaml"


def test_every_service_and_the_broker_are_scraped_under_the_names_that_alerts_tell_them_by() -> None:
    assert SCRAPED.keys() >= {*OURS, CONSOLE, jobs.BROKER}
    for name in (*OURS, CONSOLE):
        assert SCRAPED[name]["static_configs"] == [{"targets": [f"{name}:{getattr(Ports(), name)}"]}]


def test_what_is_scraped_is_a_container_or_prometheus_itself() -> None:
    targets = {target for job in SCRAPED.values() for each in job["static_configs"] for target in each["targets"]}
    assert {target.partition(":")[0] for target in targets} <= (SERVICES.keys() - {SETUP}) | {"localhost"}


def test_the_queues_are_those_of_our_virtual_host() -> None:
    assert SCRAPED["rabbitmq_queues"]["params"]["vhost"] == [SHOP.name]


def test_grafana_asks_containers() -> None:
    sources = yaml.safe_load(DATASOURCES.read_text())["datasources"]
    assert {urlsplit(source["url"]).hostname for source in sources} == {"prometheus", "traces"}


def test_nobody_signs_in_to_look_and_no_password_is_the_default() -> None:
    grafana = SERVICES["grafana"]["environment"]
    assert (grafana["GF_AUTH_ANONYMOUS_ENABLED"], grafana["GF_AUTH_ANONYMOUS_ORG_ROLE"]) == ("true", "Viewer")
    _, _, secret = grafana["GF_SECURITY_ADMIN_PASSWORD__FILE"].rpartition("/")
    assert secret in SERVICES["grafana"]["secrets"]
