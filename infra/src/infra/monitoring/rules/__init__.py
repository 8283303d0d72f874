"""The alert rules, by what they watch."""

from typing import Final

import yaml

from infra.monitoring.rules import broker, database, messaging, sagas, services

GROUPS: Final = {
    "sagas": sagas.RULES,
    "messaging": messaging.RULES,
    "services": services.RULES,
    "rabbitmq": broker.RULES,
    "postgresql": database.RULES,
}

_HEADER: Final = "# Drawn from infra.monitoring.rules by `python -m infra.monitoring`; change it there.\n\n"


def render() -> str:
    """Write Prometheus' rule file."""
    groups = [{"name": name, "rules": [rule.as_prometheus() for rule in rules]} for name, rules in GROUPS.items()]
    return _HEADER + yaml.safe_dump({"groups": groups}, sort_keys=False, width=110, allow_unicode=True)
