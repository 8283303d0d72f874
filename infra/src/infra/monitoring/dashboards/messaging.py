"""The dashboard of messaging: consuming, publishing, and the process."""

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
        "Acknowledged messages per second, by queue.",
        "mps",
        {"{{queue}}": per_second("messaging_process_duration_seconds_count", "queue", where=_OF)},
    ),
    Panel(
        "How long does a message take?",
        "From delivery to acknowledgement, p95. It grows with the batches under load.",
        "s",
        {"{{queue}}": quantile(0.95, "messaging_process_duration_seconds", by=["queue"], where=_OF)},
    ),
    Panel(
        "How large are the batches?",
        "The average number of messages in one transaction: one when idle, many under load.",
        "short",
        {
            "{{queue}}": per_second("messaging_batch_messages_sum", "queue", where=_OF)
            + " / "
            + per_second("messaging_batch_messages_count", "queue", where=_OF)
        },
    ),
    Panel(
        "Which handlers fail?",
        "Messages that are retried because their handler raised. The log has the traceback. Runbook: retries.",
        "mps",
        {"{{queue}}": per_second("messaging_retries_total", "queue", where=_OF)},
        above=RETRIES_PER_SECOND,
    ),
    Panel(
        "How many dead letters are there?",
        "New dead letters per second. `saga dead-letters list` shows the waiting ones. Runbook: dead-letters.",
        "mps",
        {"{{queue}}": per_second("messaging_dead_letters_total", "queue", where=_OF)},
    ),
    Panel(
        "How many duplicates arrive?",
        "Repeated commands, answered from the inbox. Some are normal after a restart.",
        "mps",
        {"{{type}}": per_second("inbox_duplicates_total", "type", where=_OF)},
    ),
)

_OUT: Final = (
    Panel(
        "What does the broker answer?",
        "Publishes by outcome. What is forbidden or unsendable goes into quarantine, all other messages are"
        " sent again. Runbook: outbox.",
        "mps",
        {"{{outcome}}": per_second("messaging_publishes_total", "outcome", where=_OF)},
    ),
    Panel(
        "How long does a publisher confirm take?",
        "From publish to confirm, p95, by exchange. A quorum queue confirms after it wrote to disk.",
        "s",
        {"{{exchange}}": quantile(0.95, "messaging_publish_duration_seconds", by=["exchange"], where=_OF)},
    ),
    Panel(
        "How many messages wait in the outboxes?",
        "Committed and not confirmed. They are sent when the broker accepts messages again. Runbook: outbox.",
        "short",
        {"{{job}}": f"max by (job) (outbox_messages{_OF})"},
        above=DEEP_MESSAGES,
    ),
    Panel(
        "How old is the oldest message?",
        "The oldest message of each outbox. Runbook: outbox.",
        "s",
        {"{{job}}": f"max by (job) (outbox_oldest_age_seconds{_OF})"},
        above=OLD_SECONDS,
    ),
    Panel(
        "What did the broker refuse?",
        "Unroutable, for a full queue, or timed out. They are sent again. Runbook: outbox.",
        "short",
        {"{{job}}": f"sum by (job) (outbox_refused_messages{_OF})"},
        above=1,
    ),
    Panel(
        "How many messages are in quarantine?",
        "The broker will not take them, until an operator retries or discards them. Runbook: quarantine.",
        "short",
        {"{{job}}": f"max by (job) (outbox_quarantined_messages{_OF})"},
        above=1,
    ),
    Panel(
        "How many dead letters wait?",
        "Dead letters by service, until they are replayed or discarded. Runbook: dead-letters.",
        "short",
        {"{{job}}": f"max by (job) (dead_letters_waiting{_OF})"},
        above=1,
    ),
    Panel(
        "Who sends what is not theirs to send?",
        "Forged messages, by sender. Each is a dead letter. Runbook: forged-messages.",
        "short",
        {"{{sender}} to {{queue}}": f"sum by (sender, queue) (increase(messages_forged_total{_OF}[1h])) > 0"},
        width=16,
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
        "Is the event loop responsive?",
        "The delay of timers, p99. A slow handler delays all others. Runbook: event-loop.",
        "s",
        {"{{job}}": quantile(0.99, "event_loop_lag_seconds", by=["job"], where=_OF)},
        above=LAG_SECONDS,
    ),
    Panel(
        "How busy is the process?",
        "CPU time per second. A Python process can use one core; near 100 %, start a replica.",
        "percentunit",
        {"{{job}} {{instance}}": per_second("process_cpu_seconds_total", "job", "instance", where=_OF)},
    ),
)

MESSAGING: Final = Board(
    uid="messaging",
    title="Messaging",
    about="Are messages published and consumed?",
    choice=("event_loop_lag_seconds_count", "job"),
    sections=(
        Section("Are messages handled?", _IN),
        Section("Do messages leave?", _OUT),
        Section("Is the process overloaded?", _PROCESS),
    ),
)
