"""Whether messages leave, and are handled."""

from typing import Final

from counterstep.monitoring.thresholds import DEEP_MESSAGES, OLD_SECONDS, RETRIES_PER_SECOND

from infra.monitoring.rules.rule import Rule

RULES: Final = (
    Rule(
        "OutboxOld",
        "max by (job) (outbox_oldest_age_seconds)",
        above=OLD_SECONDS,
        severity="critical",
        summary="Messages wait in the outbox of {{ $labels.job }}",
        description="The oldest has waited for {{ $value | humanizeDuration }}; it should be gone in a moment.",
        runbook="outbox",
    ),
    Rule(
        "OutboxDeep",
        "max by (job) (outbox_messages)",
        above=DEEP_MESSAGES,
        lasting="5m",
        summary="The outbox of {{ $labels.job }} grows",
        description="{{ $value }} messages are committed and not confirmed by the broker.",
        runbook="outbox",
    ),
    Rule(
        "OutboxRefused",
        "sum by (job) (outbox_refused_messages)",
        above=0,
        severity="critical",
        summary="The broker would not take messages of {{ $labels.job }}",
        description="{{ $value }} are unroutable, forbidden, for a full queue, or were not answered in time.",
        runbook="outbox",
    ),
    Rule(
        "PublishesTimeOut",
        'sum by (job) (rate(messaging_publishes_total{outcome="timeout"}[5m]))',
        above=0,
        lasting="2m",
        summary="The broker does not confirm what {{ $labels.job }} publishes",
        description='{{ $value | printf "%.2f" }} publishes a second are not answered in time.',
        runbook="blocked-connection",
    ),
    Rule(
        "DeadLettersWait",
        "max by (job) (dead_letters_waiting)",
        above=0,
        summary="{{ $labels.job }} has dead letters",
        description="{{ $value }} messages could not be handled, and wait for an operator.",
        runbook="dead-letters",
    ),
    Rule(
        "MessagesRetried",
        "sum by (queue) (rate(messaging_retries_total[5m]))",
        above=RETRIES_PER_SECOND,
        lasting="5m",
        summary="Handlers fail on messages of {{ $labels.queue }}",
        description='{{ $value | printf "%.2f" }} a second go on the retry ladder, and die after its last rung.',
        runbook="retries",
    ),
)
