"""The files that Prometheus and Grafana read, and what is in them."""

from pathlib import Path

from infra.machine.checkout import CHECKOUT
from infra.monitoring import dashboards, rules

ALERTS = CHECKOUT / "infra" / "prometheus" / "alerts.yml"
DASHBOARDS = CHECKOUT / "infra" / "grafana" / "dashboards"


def files() -> dict[Path, str]:
    """Draw every file from its data."""
    drawn = {DASHBOARDS / f"{board.uid.replace('-', '_')}.json": board.render() for board in dashboards.ALL}
    return {ALERTS: rules.render(), **drawn}
