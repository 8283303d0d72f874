"""Alerts on outboxes, publishing, dead letters and retries."""

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
        description="The oldest has waited for {{ $value | humanizeDuration }};"
        " normally it is published within a second.",
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
        summary="The broker refused messages of {{ $labels.job }}",
        description="{{ $value }} messages are unroutable, for a full queue, or timed out.",
        runbook="outbox",
    ),
    Rule(
        "MessagesQuarantined",
        "max by (job) (outbox_quarantined_messages)",
        above=0,
        severity="critical",
        summary="{{ $labels.job }} has messages in quarantine",
        description="{{ $value }} messages will not be sent. An operator must retry or discard them.",
        runbook="quarantine",
    ),
    Rule(
        "PublishesTimeOut",
        'sum by (job) (rate(messaging_publishes_total{outcome="timeout"}[5m]))',
        above=0,
        lasting="2m",
        summary="The broker does not confirm messages of {{ $labels.job }}",
        description='{{ $value | printf "%.2f" }} publishes per second time out.',
        runbook="blocked-connection",
    ),
    Rule(
        "DeadLettersWait",
        "max by (job) (dead_letters_waiting)",
        above=0,
        summary="{{ $labels.job }} has dead letters",
        description="{{ $value }} messages could not be handled. An operator must replay or discard them.",
        runbook="dead-letters",
    ),
    Rule(
        "MessagesForged",
        "max by (job) (dead_letters_forged)",
        above=0,
        lasting="0s",
        severity="critical",
        summary="{{ $labels.job }} was sent forged messages",
        description="{{ $value }} dead letters were not their sender's to send, and had no effect."
        " The password of a service may be in other hands.",
        runbook="forged-messages",
    ),
    Rule(
        "MessagesRetried",
        "sum by (queue) (rate(messaging_retries_total[5m]))",
        above=RETRIES_PER_SECOND,
        lasting="5m",
        summary="Handlers fail on messages of {{ $labels.queue }}",
        description='{{ $value | printf "%.2f" }} messages per second are retried. After the'
        " last attempt they become dead letters.",
        runbook="retries",
    ),
)
