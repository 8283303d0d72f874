"""Whether the queues drain, and the broker has what it needs."""

from typing import Final

from counterstep.monitoring.thresholds import DEEP_MESSAGES, NEARLY_EMPTY, NEARLY_FULL, OFTEN_PER_SECOND
from counterstep.protocol.exchanges import UNROUTED

from infra.monitoring.dashboards.board import Board, Section
from infra.monitoring.dashboards.panel import Panel
from infra.monitoring.dashboards.queries import per_second
from infra.monitoring.jobs import QUEUES

_OURS: Final = f'{{queue=~"{QUEUES}"}}'

_AT_A_GLANCE: Final = (
    Panel(
        "Memory alarm",
        "On, nobody can publish; orders wait in the outboxes. Runbook: alarms.",
        "none",
        {"alarm": "max(rabbitmq_alarms_memory_used_watermark)"},
        kind="figure",
        width=4,
        above=1,
    ),
    Panel(
        "Disk alarm",
        "On, nobody can publish; orders wait in the outboxes. Runbook: alarms.",
        "none",
        {"alarm": "max(rabbitmq_alarms_free_disk_space_watermark)"},
        kind="figure",
        width=4,
        above=1,
    ),
    Panel(
        "Queues without a consumer",
        "Of those that a service must consume. Runbook: no-consumer.",
        "none",
        {"queues": f"sum(max by (queue) (rabbitmq_detailed_queue_consumers{_OURS}) == bool 0)"},
        kind="figure",
        width=4,
        above=1,
    ),
    Panel(
        "Dead letters in `unrouted`",
        "They found no queue of their service. Runbook: dead-letters.",
        "none",
        {"unrouted": f'max(rabbitmq_detailed_queue_messages_ready{{queue="{UNROUTED}"}})'},
        kind="figure",
        width=4,
        above=1,
    ),
    Panel(
        "Connections",
        "Each service has two: one to consume with, and one to publish with, which alone can be blocked.",
        "none",
        {"connections": "sum(rabbitmq_connections)"},
        kind="figure",
        width=4,
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
        "What waits?",
        "Ready to be delivered. Growing with unacked messages: the service is too slow. Runbook: queue-depth.",
        "short",
        {"{{queue}}": f"max by (queue) (rabbitmq_detailed_queue_messages_ready{_OURS})"},
        above=DEEP_MESSAGES,
    ),
    Panel(
        "What is being worked on?",
        "Delivered and not acknowledged. Nothing here while messages wait: no consumer. Runbook: no-consumer.",
        "short",
        {"{{queue}}": f"max by (queue) (rabbitmq_detailed_queue_messages_unacked{_OURS})"},
    ),
    Panel(
        "What rests on the retry ladder?",
        "Messages whose handler failed, until their next try in 1, 5 or 30 seconds. Runbook: retries.",
        "short",
        {"{{queue}}": r'max by (queue) (rabbitmq_detailed_queue_messages_ready{queue=~".+\\.retry\\..+"}) > 0'},
    ),
)

_TRAFFIC: Final = (
    Panel(
        "Is what comes in going out?",
        "Messages a second over all queues. Acknowledged should follow delivered.",
        "mps",
        {
            "published": per_second("rabbitmq_global_messages_received_total"),
            "confirmed": per_second("rabbitmq_global_messages_confirmed_total"),
            "delivered": per_second("rabbitmq_global_messages_delivered_total"),
            "acknowledged": per_second("rabbitmq_global_messages_acknowledged_total"),
        },
    ),
    Panel(
        "What comes back?",
        "Redelivered without an acknowledgement. A restart causes some, and then no more. Runbook: redeliveries.",
        "mps",
        {"redelivered": per_second("rabbitmq_global_messages_redelivered_total")},
        above=OFTEN_PER_SECOND,
    ),
    Panel(
        "What finds no queue?",
        "Returned to its publisher, whose outbox keeps it. `make up` declares what is missing. Runbook: outbox.",
        "mps",
        {"returned": per_second("rabbitmq_global_messages_unroutable_returned_total")},
    ),
)

_NODE: Final = (
    Panel(
        "How near is the memory alarm?",
        "Of the memory at which RabbitMQ stops taking messages. Runbook: alarms.",
        "percentunit",
        {"used": "max(rabbitmq_process_resident_memory_bytes / rabbitmq_resident_memory_limit_bytes)"},
        width=6,
        above=NEARLY_FULL,
    ),
    Panel(
        "How near is the disk alarm?",
        "Free disk in multiples of what raises the alarm. Runbook: alarms.",
        "short",
        {"free": "min(rabbitmq_disk_space_available_bytes / rabbitmq_disk_space_available_limit_bytes)"},
        width=6,
        below=NEARLY_EMPTY,
    ),
    Panel(
        "Do connections come and go?",
        "Ours stay, but for each service's look every few seconds whether it still consumes. More is a fault.",
        "cps",
        {
            "opened": per_second("rabbitmq_connections_opened_total"),
            "closed": per_second("rabbitmq_connections_closed_total"),
        },
        width=6,
    ),
    Panel(
        "Are there file descriptors left?",
        "Of those that the node may open.",
        "percentunit",
        {"open": "max(rabbitmq_process_open_fds / rabbitmq_process_max_fds)"},
        width=6,
        above=NEARLY_FULL,
    ),
)

RABBITMQ: Final = Board(
    uid="rabbitmq",
    title="RabbitMQ",
    about="Do the queues drain, and has the broker what it needs?",
    sections=(
        Section("Does anything need a hand?", _AT_A_GLANCE),
        Section("Do the queues drain?", _QUEUES),
        Section("What flows?", _TRAFFIC),
        Section("What is left?", _NODE),
    ),
)
