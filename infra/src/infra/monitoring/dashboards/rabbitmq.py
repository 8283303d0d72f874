"""The dashboard of RabbitMQ: alarms, queues, traffic and resources."""

from typing import Final

from counterstep.monitoring.thresholds import DEEP_MESSAGES, NEARLY_EMPTY, NEARLY_FULL, OFTEN_PER_SECOND

from infra.monitoring.dashboards.board import Board, Section
from infra.monitoring.dashboards.panel import Panel
from infra.monitoring.dashboards.queries import per_second
from infra.monitoring.jobs import QUEUES

_OURS: Final = f'{{queue=~"{QUEUES}"}}'

_AT_A_GLANCE: Final = (
    Panel(
        "Memory alarm",
        "While it is on, publishers are blocked and messages wait in the outboxes. Runbook: alarms.",
        "none",
        {"alarm": "max(rabbitmq_alarms_memory_used_watermark)"},
        kind="figure",
        width=4,
        above=1,
    ),
    Panel(
        "Disk alarm",
        "While it is on, publishers are blocked and messages wait in the outboxes. Runbook: alarms.",
        "none",
        {"alarm": "max(rabbitmq_alarms_free_disk_space_watermark)"},
        kind="figure",
        width=4,
        above=1,
    ),
    Panel(
        "Queues without a consumer",
        "Of the queues that a service must consume. Runbook: no-consumer.",
        "none",
        {"queues": f"sum(max by (queue) (rabbitmq_detailed_queue_consumers{_OURS}) == bool 0)"},
        kind="figure",
        width=4,
        above=1,
    ),
    Panel(
        "Connections",
        "Each service has two: one consumes, the other publishes. An alarm blocks only the second.",
        "none",
        {"connections": "sum(rabbitmq_connections)"},
        kind="figure",
        width=8,
    ),
    Panel(
        "Channels",
        "A number that only grows is a leak.",
        "none",
        {"channels": "sum(rabbitmq_channels)"},
        kind="figure",
        width=4,
    ),
)

_QUEUES: Final = (
    Panel(
        "How many messages are ready?",
        "Ready for delivery. If unacknowledged messages grow too, the service is too slow. Runbook: queue-depth.",
        "short",
        {"{{queue}}": f"max by (queue) (rabbitmq_detailed_queue_messages_ready{_OURS})"},
        above=DEEP_MESSAGES,
    ),
    Panel(
        "How many messages are in progress?",
        "Delivered and not acknowledged. None while messages are ready means no consumer. Runbook: no-consumer.",
        "short",
        {"{{queue}}": f"max by (queue) (rabbitmq_detailed_queue_messages_unacked{_OURS})"},
    ),
    Panel(
        "How many messages wait for a retry?",
        "They failed, and stay in the database of their service for 1, 5 or 30 seconds. Runbook: retries.",
        "short",
        {"{{queue}}": "max by (queue) (retries_waiting) > 0"},
    ),
)

_TRAFFIC: Final = (
    Panel(
        "Are messages delivered as fast as they arrive?",
        "Messages per second over all queues. Acknowledged should follow delivered.",
        "mps",
        {
            "published": per_second("rabbitmq_global_messages_received_total"),
            "confirmed": per_second("rabbitmq_global_messages_confirmed_total"),
            "delivered": per_second("rabbitmq_global_messages_delivered_total"),
            "acknowledged": per_second("rabbitmq_global_messages_acknowledged_total"),
        },
    ),
    Panel(
        "How many messages are redelivered?",
        "Delivered again because they were not acknowledged. A restart causes a few. Runbook: redeliveries.",
        "mps",
        {"redelivered": per_second("rabbitmq_global_messages_redelivered_total")},
        above=OFTEN_PER_SECOND,
    ),
    Panel(
        "How many messages are unroutable?",
        "Returned to the publisher, whose outbox keeps them. `make up` declares missing queues. Runbook: outbox.",
        "mps",
        {"returned": per_second("rabbitmq_global_messages_unroutable_returned_total")},
    ),
)

_NODE: Final = (
    Panel(
        "How close is the memory alarm?",
        "Share of the limit at which RabbitMQ stops accepting messages. Runbook: alarms.",
        "percentunit",
        {"used": "max(rabbitmq_process_resident_memory_bytes / rabbitmq_resident_memory_limit_bytes)"},
        width=6,
        above=NEARLY_FULL,
    ),
    Panel(
        "How close is the disk alarm?",
        "Free disk space, in multiples of the alarm's limit. Runbook: alarms.",
        "short",
        {"free": "min(rabbitmq_disk_space_available_bytes / rabbitmq_disk_space_available_limit_bytes)"},
        width=6,
        below=NEARLY_EMPTY,
    ),
    Panel(
        "Are connections stable?",
        "Services keep theirs, except for a short check every few seconds. More is a fault.",
        "cps",
        {
            "opened": per_second("rabbitmq_connections_opened_total"),
            "closed": per_second("rabbitmq_connections_closed_total"),
        },
        width=6,
    ),
    Panel(
        "How many file descriptors are in use?",
        "Share of the node's limit.",
        "percentunit",
        {"open": "max(rabbitmq_process_open_fds / rabbitmq_process_max_fds)"},
        width=6,
        above=NEARLY_FULL,
    ),
)

RABBITMQ: Final = Board(
    uid="rabbitmq",
    title="RabbitMQ",
    about="Do the queues drain, and does the broker have enough resources?",
    sections=(
        Section("Does anything need attention?", _AT_A_GLANCE),
        Section("Do the queues drain?", _QUEUES),
        Section("How much traffic is there?", _TRAFFIC),
        Section("Are resources left?", _NODE),
    ),
)
