"""Alerts on the services: down, without a database, or overloaded."""

from typing import Final

from counterstep.monitoring.thresholds import LAG_SECONDS, MOST_ERRORS, NEARLY_FULL

from infra.monitoring.jobs import SERVICES
from infra.monitoring.rules.rule import Rule

RULES: Final = (
    Rule(
        "ServiceDown",
        f'up{{job=~"{SERVICES}"}}',
        below=1,
        severity="critical",
        summary="{{ $labels.job }} does not answer",
        description="{{ $labels.instance }} has not answered Prometheus for a"
        " minute. Its messages wait in the queue.",
        runbook="service-down",
    ),
    Rule(
        "DatabaseAway",
        "min by (job) (database_up)",
        below=1,
        severity="critical",
        summary="{{ $labels.job }} cannot reach its database",
        description="Until it can, it consumes no messages and answers no requests.",
        runbook="database-away",
    ),
    Rule(
        "DatabasePoolExhausted",
        'sum by (job, instance, pool) (database_pool_connections{state="used"})'
        " / sum by (job, instance, pool) (database_pool_limit)",
        above=NEARLY_FULL,
        lasting="2m",
        summary="{{ $labels.job }} runs out of database connections",
        description="{{ $value | humanizePercentage }} of the pool for {{ $labels.pool }} is in use"
        " at {{ $labels.instance }}.",
        runbook="connections",
    ),
    Rule(
        "EventLoopLags",
        "histogram_quantile(0.99, sum by (le, job, instance) (rate(event_loop_lag_seconds_bucket[5m])))",
        above=LAG_SECONDS,
        lasting="5m",
        summary="{{ $labels.job }} is overloaded",
        description="Timers of {{ $labels.instance }} are {{ $value | humanizeDuration }} late.",
        runbook="event-loop",
    ),
    Rule(
        "HttpErrors",
        'sum by (job) (rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[5m]))'
        " / sum by (job) (rate(http_server_request_duration_seconds_count[5m]))",
        above=MOST_ERRORS,
        lasting="5m",
        summary="{{ $labels.job }} answers with server errors",
        description="{{ $value | humanizePercentage }} of its HTTP requests end with a 5xx.",
        runbook="http-errors",
    ),
)
