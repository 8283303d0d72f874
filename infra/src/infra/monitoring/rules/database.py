"""Alerts on PostgreSQL: its availability, connections and locks."""

from typing import Final

from counterstep.monitoring.thresholds import LONG_TRANSACTION_SECONDS, NEARLY_FULL

from infra.monitoring.jobs import DATABASE
from infra.monitoring.rules.rule import Rule

RULES: Final = (
    Rule(
        "PostgresDown",
        f'min(pg_up or up{{job="{DATABASE}"}})',
        below=1,
        severity="critical",
        summary="PostgreSQL does not answer",
        description="It does not answer its exporter, or the exporter is down. No accepted order is lost.",
        runbook="database-away",
    ),
    Rule(
        "PostgresConnectionsNearlyExhausted",
        "sum(pg_stat_activity_count) / max(pg_settings_max_connections)",
        above=NEARLY_FULL,
        lasting="5m",
        summary="PostgreSQL runs out of connections",
        description="{{ $value | humanizePercentage }} of max_connections are in use.",
        runbook="connections",
    ),
    Rule(
        "PostgresDeadlocks",
        "sum by (datname) (increase(pg_stat_database_deadlocks[10m]))",
        above=0,
        lasting="0s",
        summary="Transactions of {{ $labels.datname }} deadlock",
        description='{{ $value | printf "%.0f" }} in ten minutes. PostgreSQL aborts'
        " one transaction, which is retried.",
        runbook="locks",
    ),
    Rule(
        "PostgresLongTransaction",
        "max by (datname) (pg_stat_activity_max_tx_duration)",
        above=LONG_TRANSACTION_SECONDS,
        summary="A transaction in {{ $labels.datname }} does not end",
        description="It has been open for {{ $value | humanizeDuration }}. Others may wait for its locks.",
        runbook="locks",
    ),
)
