"""Whether messages leave each service, and those that come are handled."""

from typing import Final

from counterstep.monitoring.thresholds import (
    DEEP_MESSAGES,
    LAG_SECONDS,
    NEARLY_FULL,
    OLD_SECONDS,
    RETRIES_PER_SECOND,
)

from infra.monitoring.dashboards.board import Board, Section
from infra.monitoring.dashboards.panel import Panel
from infra.monitoring.dashboards.queries import per_second, quantile

_OF: Final = '{job=~"$job"}'

_IN: Final = (
    Panel(
        "How fast are messages handled?",
        "Acknowledged a second, by queue.",
        "mps",
        {"{{queue}}": per_second("messaging_process_duration_seconds_count", "queue", where=_OF)},
    ),
    Panel(
        "How long does a message take?",
        "Delivered to acknowledged, p95. It grows with the batches, as under load it should.",
        "s",
        {"{{queue}}": quantile(0.95, "messaging_process_duration_seconds", by=["queue"], where=_OF)},
    ),
    Panel(
        "How large are the batches?",
        "Messages that share a transaction, on average: one when idle, many under load.",
        "short",
        {
            "{{queue}}": per_second("messaging_batch_messages_sum", "queue", where=_OF)
            + " / "
            + per_second("messaging_batch_messages_count", "queue", where=_OF)
        },
    ),
    Panel(
        "Which handlers fail?",
        "Messages put on the retry ladder: their handler raised. Its log has the traceback. Runbook: retries.",
        "mps",
        {"{{queue}}": per_second("messaging_retries_total", "queue", where=_OF)},
        above=RETRIES_PER_SECOND,
    ),
    Panel(
        "What became dead?",
        "Dead letters a second. `saga dead-letters list` shows what waits. Runbook: dead-letters.",
        "mps",
        {"{{queue}}": per_second("messaging_dead_letters_total", "queue", where=_OF)},
    ),
    Panel(
        "What came twice?",
        "Commands that had been done, answered again from the inbox. Some are normal after a restart.",
        "mps",
        {"{{type}}": per_second("inbox_duplicates_total", "type", where=_OF)},
    ),
)

_OUT: Final = (
    Panel(
        "What does the broker answer?",
        "Publishes by answer: all but `confirmed` stay in the outbox and are sent again. Runbook: outbox.",
        "mps",
        {"{{outcome}}": per_second("messaging_publishes_total", "outcome", where=_OF)},
    ),
    Panel(
        "How long does a confirm take?",
        "Publish to confirm, p95, by exchange: a quorum queue confirms what is on disk.",
        "s",
        {"{{exchange}}": quantile(0.95, "messaging_publish_duration_seconds", by=["exchange"], where=_OF)},
    ),
    Panel(
        "How much waits in the outboxes?",
        "Committed and not confirmed. It drains by itself once the broker takes messages. Runbook: outbox.",
        "short",
        {"{{job}}": f"max by (job) (outbox_messages{_OF})"},
        above=DEEP_MESSAGES,
    ),
    Panel(
        "For how long has it waited?",
        "The oldest message of each outbox. Runbook: outbox.",
        "s",
        {"{{job}}": f"max by (job) (outbox_oldest_age_seconds{_OF})"},
        above=OLD_SECONDS,
    ),
    Panel(
        "What would the broker not take?",
        "Unroutable, forbidden, for a full queue, or not answered in time; tried again for ever. Runbook: outbox.",
        "short",
        {"{{job}}": f"sum by (job) (outbox_refused_messages{_OF})"},
        above=1,
    ),
    Panel(
        "What waits for an operator?",
        "Dead letters by service, until they are replayed or discarded. Runbook: dead-letters.",
        "short",
        {"{{job}}": f"max by (job) (dead_letters_waiting{_OF})"},
        above=1,
    ),
)

_PROCESS: Final = (
    Panel(
        "Are there database connections left?",
        "Share of each pool that is in use. At 100 % requests and batches wait. Runbook: connections.",
        "percentunit",
        {
            "{{job}} {{instance}} {{pool}}": "sum by (job, instance, pool)"
            ' (database_pool_connections{state="used", job=~"$job"})'
            f" / sum by (job, instance, pool) (database_pool_limit{_OF})"
        },
        above=NEARLY_FULL,
    ),
    Panel(
        "Is the event loop punctual?",
        "How late timers wake, p99. A slow handler holds up all others. Runbook: event-loop.",
        "s",
        {"{{job}}": quantile(0.99, "event_loop_lag_seconds", by=["job"], where=_OF)},
        above=LAG_SECONDS,
    ),
    Panel(
        "How busy is the process?",
        "Processor time a second: a Python process cannot use more than one core. At 1 start a replica.",
        "percentunit",
        {"{{job}} {{instance}}": per_second("process_cpu_seconds_total", "job", "instance", where=_OF)},
    ),
)

MESSAGING: Final = Board(
    uid="messaging",
    title="Messaging",
    about="Do messages leave each service, and are those that come handled?",
    choice=("event_loop_lag_seconds_count", "job"),
    sections=(
        Section("Are messages handled?", _IN),
        Section("Do messages leave?", _OUT),
        Section("Is the process free to work?", _PROCESS),
    ),
)
