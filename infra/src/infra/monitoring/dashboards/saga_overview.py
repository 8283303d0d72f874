"""The overview dashboard: sagas, their steps, and the HTTP API."""

from typing import Final

from counterstep.monitoring.thresholds import (
    COMPENSATING_SECONDS,
    LAG_SECONDS,
    MOST_COMPENSATED,
    MOST_ERRORS,
    OLD_SECONDS,
    RETRIES_PER_SECOND,
    SLOW_STEP_SECONDS,
)

from infra.monitoring.dashboards.board import Board, Section
from infra.monitoring.dashboards.panel import Panel
from infra.monitoring.dashboards.queries import per_second, quantile, quantiles, share
from infra.monitoring.jobs import SERVICES

_AT_A_GLANCE: Final = (
    Panel(
        "Services up",
        "Four when all are up, more with replicas. `make status` names the one that is missing.",
        "none",
        {"services": f'sum(up{{job=~"{SERVICES}"}})'},
        kind="figure",
        width=4,
        below=4,
    ),
    Panel(
        "Running sagas",
        "Started and not ended, including those that wait for a person.",
        "short",
        {"running": "sum(max by (saga, status) (saga_running))"},
        kind="figure",
        width=4,
    ),
    Panel(
        "Sagas that need a person",
        "Their compensation gets no reply. List them: GET /sagas?status=needs_attention. Runbook: stuck-sagas.",
        "short",
        {"needs_attention": 'sum(max by (saga) (saga_running{status="needs_attention"}))'},
        kind="figure",
        width=4,
        above=1,
    ),
    Panel(
        "Oldest compensating saga",
        "Compensations need no person. Minutes mean that a participant is down. Runbook: stuck-sagas.",
        "s",
        {"oldest": 'max(saga_oldest_age_seconds{status="compensating"})'},
        kind="figure",
        width=4,
        above=COMPENSATING_SECONDS,
    ),
    Panel(
        "Dead letters waiting",
        "Messages that could not be handled. `saga dead-letters list` shows why. Runbook: dead-letters.",
        "short",
        {"waiting": "sum(max by (job) (dead_letters_waiting))"},
        kind="figure",
        width=4,
        above=1,
    ),
    Panel(
        "Oldest message in an outbox",
        "Committed and not confirmed. More than a second means that the broker accepts nothing. Runbook: outbox.",
        "s",
        {"oldest": "max(outbox_oldest_age_seconds)"},
        kind="figure",
        width=4,
        above=OLD_SECONDS,
    ),
)

_ENDING: Final = (
    Panel(
        "Do as many sagas end as start?",
        "The two lines should match. A lasting gap is a backlog. Runbook: sagas-do-not-end.",
        "cps",
        {"begun": per_second("saga_started_total"), "ended": per_second("saga_ended_total")},
    ),
    Panel(
        "How do they end?",
        "A refusal is no fault: it is compensated. Many of them at once may be one. Runbook: compensated-sagas.",
        "cps",
        {"{{outcome}}": per_second("saga_ended_total", "outcome")},
        stacked=True,
    ),
    Panel(
        "Which share is compensated?",
        "Causes: insufficient funds, insufficient stock, and steps that timed out.",
        "percentunit",
        {"{{saga}}": share("saga_ended_total", "saga", where='{outcome="compensated"}')},
        above=MOST_COMPENSATED,
    ),
    Panel(
        "What are they doing?",
        "Sagas that have not ended, by status. `running` includes those that wait for a review.",
        "short",
        {"{{status}}": "sum by (status) (max by (saga, status) (saga_running))"},
        stacked=True,
    ),
    Panel(
        "How old is the oldest?",
        "A step that a person decides may take days; nothing else takes longer than a minute.",
        "s",
        {"{{status}}": "max by (status) (saga_oldest_age_seconds)"},
    ),
    Panel(
        "How long does a saga take?",
        "From its start to its end, including a review by a person.",
        "s",
        quantiles("saga_duration_seconds"),
    ),
)

_STEPS: Final = (
    Panel(
        "Which step is slow?",
        "From the command to its reply, 95th percentile. Runbook: slow-steps.",
        "s",
        {"{{step}}": quantile(0.95, "saga_step_duration_seconds", by=["step"])},
        above=SLOW_STEP_SECONDS,
    ),
    Panel(
        "Which step refuses, and why?",
        "A business no, by step and the refusal's code. List them: `saga sagas list --code CODE`.",
        "cps",
        {"{{step}}: {{code}}": per_second("saga_step_refusals_total", "step", "code")},
    ),
    Panel(
        "Which step is retried?",
        "Second and later attempts: the reply did not come in time. Runbook: retries.",
        "cps",
        {"{{step}} {{direction}}": per_second("saga_retries_total", "step", "direction")},
        above=RETRIES_PER_SECOND,
    ),
)

_FRONT_DOOR: Final = (
    Panel(
        "How many requests?",
        "HTTP requests by service; probes and scrapes are not counted.",
        "reqps",
        {"{{job}}": per_second("http_server_request_duration_seconds_count", "job")},
        width=6,
    ),
    Panel(
        "How long do they take?",
        "The 95th percentile.",
        "s",
        {"{{http_route}}": quantile(0.95, "http_server_request_duration_seconds", by=["http_route"])},
        width=6,
    ),
    Panel(
        "Do they fail?",
        "Share of responses with a 5xx status. The service's log has the cause: `make"
        " logs PART=order`. Runbook: http-errors.",
        "percentunit",
        {
            "{{job}}": share(
                "http_server_request_duration_seconds_count", "job", where='{http_response_status_code=~"5.."}'
            )
        },
        width=6,
        above=MOST_ERRORS,
    ),
    Panel(
        "Is the event loop responsive?",
        "The delay of timers, p99. Everything in the process is delayed by that much. Runbook: event-loop.",
        "s",
        {"{{job}}": quantile(0.99, "event_loop_lag_seconds", by=["job"])},
        width=6,
        above=LAG_SECONDS,
    ),
)

SAGA_OVERVIEW: Final = Board(
    uid="saga-overview",
    title="Saga overview",
    about="Are orders ending, and with which outcome? Red needs attention.",
    sections=(
        Section("Does anything need attention?", _AT_A_GLANCE),
        Section("Are sagas ending?", _ENDING),
        Section("Where does the time go?", _STEPS),
        Section("Are callers served?", _FRONT_DOOR),
    ),
)
