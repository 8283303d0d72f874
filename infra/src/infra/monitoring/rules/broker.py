"""Alerts on RabbitMQ: its resources, and its queues."""

from typing import Final

from counterstep.monitoring.thresholds import DEEP_MESSAGES, NEARLY_EMPTY, NEARLY_FULL, OFTEN_PER_SECOND

from infra.monitoring.jobs import BROKER, QUEUES
from infra.monitoring.rules.rule import Rule

RULES: Final = (
    Rule(
        "BrokerDown",
        f'up{{job="{BROKER}"}}',
        below=1,
        severity="critical",
        summary="RabbitMQ does not answer",
        description="{{ $labels.instance }} does not answer. Orders are still accepted;"
        " their messages wait in the outboxes.",
        runbook="broker-down",
    ),
    Rule(
        "BrokerMemoryAlarm",
        "max(rabbitmq_alarms_memory_used_watermark)",
        above=0,
        lasting="0s",
        severity="critical",
        summary="RabbitMQ is out of memory and blocks publishers",
        description="It accepts messages again when some are consumed, or when it has more memory.",
        runbook="alarms",
    ),
    Rule(
        "BrokerDiskAlarm",
        "max(rabbitmq_alarms_free_disk_space_watermark)",
        above=0,
        lasting="0s",
        severity="critical",
        summary="RabbitMQ is out of disk space and blocks publishers",
        description="It accepts messages again when its disk has more free space.",
        runbook="alarms",
    ),
    Rule(
        "BrokerMemoryNearlyFull",
        "max(rabbitmq_process_resident_memory_bytes / rabbitmq_resident_memory_limit_bytes)",
        above=NEARLY_FULL,
        lasting="5m",
        summary="RabbitMQ is close to its memory alarm",
        description="It uses {{ $value | humanizePercentage }} of its limit.",
        runbook="alarms",
    ),
    Rule(
        "BrokerDiskNearlyFull",
        "min(rabbitmq_disk_space_available_bytes / rabbitmq_disk_space_available_limit_bytes)",
        below=NEARLY_EMPTY,
        lasting="5m",
        summary="RabbitMQ is close to its disk alarm",
        description='Its disk has {{ $value | printf "%.2f" }} times the space at which the alarm is raised.',
        runbook="alarms",
    ),
    Rule(
        "QueueDeep",
        f'max by (queue) (rabbitmq_detailed_queue_messages_ready{{queue=~"{QUEUES}"}})',
        above=DEEP_MESSAGES,
        lasting="5m",
        summary="Messages pile up in {{ $labels.queue }}",
        description="{{ $value }} messages wait for delivery.",
        runbook="queue-depth",
    ),
    Rule(
        "QueueHasNoConsumer",
        f'max by (queue) (rabbitmq_detailed_queue_consumers{{queue=~"{QUEUES}"}})',
        below=1,
        severity="critical",
        summary="{{ $labels.queue }} has no consumer",
        description="Its messages wait until its service runs again.",
        runbook="no-consumer",
    ),
    Rule(
        "MessagesRedelivered",
        "sum(rate(rabbitmq_global_messages_redelivered_total[5m]))",
        above=OFTEN_PER_SECOND,
        lasting="5m",
        summary="RabbitMQ redelivers many messages",
        description='{{ $value | printf "%.2f" }} messages per second are redelivered'
        " because they were not acknowledged.",
        runbook="redeliveries",
    ),
)
