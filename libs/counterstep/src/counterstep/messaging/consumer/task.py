"""What a service does on its own, beside handling messages: for as long as its process lives."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from counterstep.messaging.outbox.platform_transaction import PlatformTransactions


@dataclass(frozen=True, slots=True)
class TaskContext:
    """What a task works with."""

    transactions: PlatformTransactions
    broker_seconds: Callable[[], float]
    """For how many seconds this process has been connected to the broker without a break; 0 while it is not."""


Task: TypeAlias = Callable[[TaskContext], Awaitable[None]]
"""Runs in the background for as long as the process lives, and is started again when it ends."""
