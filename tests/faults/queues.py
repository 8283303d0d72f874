"""The queues of the topology, by name."""

from messaging.topology import Queue, consumed_queues


def queue(name: str) -> Queue:
    """Raises `StopIteration` for a queue that no service consumes."""
    return next(queue for queue in consumed_queues() if queue.name == name)
