"""Alerts on sagas: stuck, slow, or compensated too often."""

from datetime import timedelta
from typing import Final

from counterstep.monitoring.thresholds import (
    COMPENSATING_SECONDS,
    MOST_COMPENSATED,
    RETRIES_PER_SECOND,
    SETTLING_SECONDS,
    SLOW_STEP_SECONDS,
)

from infra.monitoring.human_steps import human_steps
from infra.monitoring.rules.rule import Rule

_HUMAN_STEPS: Final = human_steps()
_LONGEST_DECISION: Final = max(_HUMAN_STEPS.values(), default=timedelta())

RULES: Final = (
    Rule(
        "SagaNeedsAttention",
        'max by (saga) (saga_running{status="needs_attention"})',
        above=0,
        severity="critical",
        summary="A compensation of {{ $labels.saga }} is not answered",
        description="{{ $value }} sagas have sent a compensation many times and keep retrying."
        " Find the service that does not answer.",
        runbook="stuck-sagas",
    ),
    Rule(
        "SagaCompensatesForLong",
        'max by (saga) (saga_oldest_age_seconds{status="compensating"})',
        above=COMPENSATING_SECONDS,
        lasting="5m",
        summary="Compensating {{ $labels.saga }} takes too long",
        description="The oldest compensating saga started {{ $value | humanizeDuration }} ago.",
        runbook="stuck-sagas",
    ),
    Rule(
        "SagaRunsForLong",
        'max by (saga) (saga_oldest_age_seconds{status="running"})',
        above=_LONGEST_DECISION.total_seconds() + SETTLING_SECONDS,
        lasting="5m",
        summary="{{ $labels.saga }} runs longer than a person may take",
        description="The oldest instance started {{ $value | humanizeDuration }} ago;"
        f" a person may take {_LONGEST_DECISION / timedelta(days=1):.3g} days.",
        runbook="stuck-sagas",
    ),
    Rule(
        "SagasDoNotEnd",
        "(sum by (saga) (increase(saga_started_total[10m])) > 0)"
        " unless (sum by (saga) (increase(saga_ended_total[10m])) > 0)",
        lasting="5m",
        severity="critical",
        summary="Sagas of {{ $labels.saga }} start and do not end",
        description='In ten minutes {{ $value | printf "%.0f" }} sagas started and none ended.',
        runbook="sagas-do-not-end",
    ),
    Rule(
        "ManySagasCompensated",
        'sum by (saga) (rate(saga_ended_total{outcome="compensated"}[15m]))'
        " / sum by (saga) (rate(saga_ended_total[15m]))",
        above=MOST_COMPENSATED,
        only_where="sum by (saga) (increase(saga_ended_total[15m])) > 20",
        lasting="5m",
        summary="Most sagas of {{ $labels.saga }} are compensated",
        description="{{ $value | humanizePercentage }} of the sagas that ended in 15 minutes were compensated.",
        runbook="compensated-sagas",
    ),
    Rule(
        "SagaStepSlow",
        "histogram_quantile(0.95, sum by (le, saga, step)"
        ' (rate(saga_step_duration_seconds_bucket{step!~"' + "|".join(_HUMAN_STEPS) + '"}[10m])))',
        above=SLOW_STEP_SECONDS,
        lasting="5m",
        summary="{{ $labels.step }} of {{ $labels.saga }} is answered late",
        description="The 95th percentile is {{ $value | humanizeDuration }}. A"
        " step that times out is compensated.",
        runbook="slow-steps",
    ),
    Rule(
        "SagaRetries",
        "sum by (saga, step, direction) (rate(saga_retries_total[5m]))",
        above=RETRIES_PER_SECOND,
        lasting="5m",
        summary="{{ $labels.step }} of {{ $labels.saga }} is retried often",
        description='{{ $value | printf "%.2f" }} commands per second are a second or later attempt.',
        runbook="retries",
    ),
)
