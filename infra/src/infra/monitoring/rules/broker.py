"""Whether RabbitMQ has what it needs, and its queues drain."""

from typing import Final

from counterstep.monitoring.thresholds import DEEP_MESSAGES, NEARLY_EMPTY, NEARLY_FULL, OFTEN_PER_SECOND
from counterstep.protocol.exchanges import UNROUTED

from infra.monitoring.jobs import BROKER, QUEUES
from infra.monitoring.rules.rule import Rule

RULES: Final = (
    Rule(
        "BrokerDown",
        f'up{{job="{BROKER}"}}',
        below=1,
        severity="critical",
        summary="RabbitMQ does not answer",
        description="{{ $labels.instance }} is gone. Orders are accepted, and wait in the outboxes.",
        runbook="broker-down",
    ),
    Rule(
        "BrokerMemoryAlarm",
        "max(rabbitmq_alarms_memory_used_watermark)",
        above=0,
        lasting="0s",
        severity="critical",
        summary="RabbitMQ is out of memory: nobody can publish",
        description="It takes messages again once some have been consumed, or it has more memory.",
        runbook="alarms",
    ),
    Rule(
        "BrokerDiskAlarm",
        "max(rabbitmq_alarms_free_disk_space_watermark)",
        above=0,
        lasting="0s",
        severity="critical",
        summary="RabbitMQ is out of disk: nobody can publish",
        description="It takes messages again once its disk has more room.",
        runbook="alarms",
    ),
    Rule(
        "BrokerMemoryNearlyFull",
        "max(rabbitmq_process_resident_memory_bytes / rabbitmq_resident_memory_limit_bytes)",
        above=NEARLY_FULL,
        lasting="5m",
        summary="RabbitMQ comes near its memory alarm",
        description="It uses {{ $value | humanizePercentage }} of what it may.",
        runbook="alarms",
    ),
    Rule(
        "BrokerDiskNearlyFull",
        "min(rabbitmq_disk_space_available_bytes / rabbitmq_disk_space_available_limit_bytes)",
        below=NEARLY_EMPTY,
        lasting="5m",
        summary="RabbitMQ comes near its disk alarm",
        description='Its disk has {{ $value | printf "%.2f" }} times the space at which the alarm is raised.',
        runbook="alarms",
    ),
    Rule(
        "QueueDeep",
        f'max by (queue) (rabbitmq_detailed_queue_messages_ready{{queue=~"{QUEUES}"}})',
        above=DEEP_MESSAGES,
        lasting="5m",
        summary="Messages pile up in {{ $labels.queue }}",
        description="{{ $value }} messages wait to be delivered.",
        runbook="queue-depth",
    ),
    Rule(
        "QueueHasNoConsumer",
        f'max by (queue) (rabbitmq_detailed_queue_consumers{{queue=~"{QUEUES}"}})',
        below=1,
        severity="critical",
        summary="Nobody consumes {{ $labels.queue }}",
        description="Its messages wait until the service that owns it is back.",
        runbook="no-consumer",
    ),
    Rule(
        "MessagesRedelivered",
        "sum(rate(rabbitmq_global_messages_redelivered_total[5m]))",
        above=OFTEN_PER_SECOND,
        lasting="5m",
        summary="RabbitMQ delivers messages again and again",
        description='{{ $value | printf "%.2f" }} messages a second come back without an acknowledgement.',
        runbook="redeliveries",
    ),
    Rule(
        "DeadLettersUnrouted",
        f'max(rabbitmq_detailed_queue_messages_ready{{queue="{UNROUTED}"}})',
        above=0,
        summary="Dead letters found no queue of their service",
        description="{{ $value }} of them wait in the queue unrouted.",
        runbook="dead-letters",
    ),
)
