"""Whether sagas are ending, and well."""

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
        description="{{ $value }} runs have asked many times for an undo, and go on asking. See who is silent.",
        runbook="stuck-sagas",
    ),
    Rule(
        "SagaCompensatesForLong",
        'max by (saga) (saga_oldest_age_seconds{status="compensating"})',
        above=COMPENSATING_SECONDS,
        lasting="5m",
        summary="{{ $labels.saga }} is being undone and does not end",
        description="The oldest such run began {{ $value | humanizeDuration }} ago.",
        runbook="stuck-sagas",
    ),
    Rule(
        "SagaRunsForLong",
        'max by (saga) (saga_oldest_age_seconds{status="running"})',
        above=_LONGEST_DECISION.total_seconds() + SETTLING_SECONDS,
        lasting="5m",
        summary="{{ $labels.saga }} runs for longer than a person is waited for",
        description="The oldest instance began {{ $value | humanizeDuration }} ago;"
        f" a person may take {_LONGEST_DECISION / timedelta(days=1):.3g} days.",
        runbook="stuck-sagas",
    ),
    Rule(
        "SagasDoNotEnd",
        "(sum by (saga) (increase(saga_started_total[10m])) > 0)"
        " unless (sum by (saga) (increase(saga_ended_total[10m])) > 0)",
        lasting="5m",
        severity="critical",
        summary="{{ $labels.saga }} begins and does not end",
        description='In ten minutes {{ $value | printf "%.0f" }} runs began, and none ended.',
        runbook="sagas-do-not-end",
    ),
    Rule(
        "ManySagasCompensated",
        'sum by (saga) (rate(saga_ended_total{outcome="compensated"}[15m]))'
        " / sum by (saga) (rate(saga_ended_total[15m]))",
        above=MOST_COMPENSATED,
        only_where="sum by (saga) (increase(saga_ended_total[15m])) > 20",
        lasting="5m",
        summary="Most of {{ $labels.saga }} is undone",
        description="{{ $value | humanizePercentage }} of the runs that ended in 15 minutes were compensated.",
        runbook="compensated-sagas",
    ),
    Rule(
        "SagaStepSlow",
        "histogram_quantile(0.95, sum by (le, saga, step)"
        ' (rate(saga_step_duration_seconds_bucket{step!~"' + "|".join(_HUMAN_STEPS) + '"}[10m])))',
        above=SLOW_STEP_SECONDS,
        lasting="5m",
        summary="{{ $labels.step }} of {{ $labels.saga }} is answered late",
        description="One in twenty takes {{ $value | humanizeDuration }} or more. What is late is undone.",
        runbook="slow-steps",
    ),
    Rule(
        "SagaRetries",
        "sum by (saga, step, direction) (rate(saga_retries_total[5m]))",
        above=RETRIES_PER_SECOND,
        lasting="5m",
        summary="{{ $labels.step }} of {{ $labels.saga }} is asked for again and again",
        description='{{ $value | printf "%.2f" }} commands a second are sent for the second time or later.',
        runbook="retries",
    ),
)
