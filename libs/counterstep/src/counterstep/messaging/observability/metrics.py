"""The metrics of messages that are consumed and published. Only what was committed or confirmed is counted.

Labels are resolved once for each queue and exchange, so a message costs two or three additions.
"""

from collections.abc import Iterable
from functools import cache
from time import perf_counter
from typing import Final, Literal, TypeAlias, get_args

from prometheus_client import Counter, Histogram

Handled: TypeAlias = Literal["done", "retried", "dead"]
"""What became of a message: it was handled, will be retried after a delay, or is a dead letter."""

Published: TypeAlias = Literal[
    "confirmed", "returned", "nacked", "forbidden", "interrupted", "timeout", "unsendable"
]
"""What became of a publish.

It was confirmed, unroutable, refused by a queue, not permitted, lost with the channel that another message closed,
not answered, or never sent.
"""

_HANDLED: Final[tuple[Handled, ...]] = ("done", "retried", "dead")
_PUBLISHED: Final = get_args(Published)

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

BATCH: Final = Histogram(
    "messaging_batch_messages",
    "Messages of one queue that were handled in one committed transaction.",
    ["queue"],
    buckets=(1, 2, 5, 10, 20, 50, 100, 200),
)
PROCESS: Final = Histogram(
    "messaging_process_duration_seconds",
    "From a message's delivery to its acknowledgement, by what became of it.",
    ["queue", "outcome"],
    buckets=_SECONDS,
)
RETRIES: Final = Counter(
    "messaging_retries", "Messages that could not be handled and will be retried after a delay.", ["queue"]
)
DEAD_LETTERS: Final = Counter("messaging_dead_letters", "Messages that became dead letters.", ["queue"])
DUPLICATES: Final = Counter(
    "inbox_duplicates",
    "Commands answered from the inbox: done when they came before, or undone before they came.",
    ["type"],
)
PUBLISHES: Final = Counter(
    "messaging_publishes", "Messages that were published, by what the broker answered.", ["exchange", "outcome"]
)
ISOLATED: Final = Counter(
    "messaging_isolated_publishes", "Messages that were published alone, to find the one that closed the channel."
)
PUBLISH: Final = Histogram(
    "messaging_publish_duration_seconds",
    "From the publish of a message, or of a pack, to its confirm.",
    ["exchange"],
    buckets=_SECONDS,
)
PACK: Final = Histogram(
    "messaging_pack_messages",
    "Messages that were confirmed as one AMQP message: 1, where each goes alone.",
    ["exchange"],
    buckets=(1, 2, 5, 10, 20, 50, 100),
)


class QueueMetrics:
    """The metrics of the messages of one queue."""

    def __init__(self, queue: str) -> None:
        self._batch = BATCH.labels(queue)
        self._process = {outcome: PROCESS.labels(queue, outcome) for outcome in _HANDLED}
        self._set_aside = {"retried": RETRIES.labels(queue), "dead": DEAD_LETTERS.labels(queue)}

    def committed(self, messages: int) -> None:
        """A batch with this many messages of the queue was committed."""
        self._batch.observe(messages)

    def acknowledged(self, outcome: Handled, *, arrived: float) -> None:
        """A message that was delivered at `arrived` (`perf_counter`) is acknowledged."""
        self._process[outcome].observe(perf_counter() - arrived)
        if outcome != "done":
            self._set_aside[outcome].inc()


class ExchangeMetrics:
    """The metrics of the publishes to one exchange."""

    def __init__(self, exchange: str) -> None:
        self._publishes = {outcome: PUBLISHES.labels(exchange, outcome) for outcome in _PUBLISHED}
        self._seconds = PUBLISH.labels(exchange)
        self._pack = PACK.labels(exchange)

    def confirmed(self, seconds: float, messages: int) -> None:
        """The broker has confirmed this many messages, which went as one, after this many seconds."""
        self._publishes["confirmed"].inc(messages)
        self._seconds.observe(seconds)
        self._pack.observe(messages)

    def refused(self, outcome: Published, messages: int) -> None:
        """The broker has not confirmed this many messages, which went as one."""
        self._publishes[outcome].inc(messages)


@cache
def of_exchange(name: str) -> ExchangeMetrics:
    """The metrics of the exchange of this name."""
    return ExchangeMetrics(name)


def count_from_zero(exchanges: Iterable[str]) -> None:
    """Show the metrics of these exchanges, as zero, before the first publish to them."""
    for exchange in exchanges:
        of_exchange(exchange)


def count_duplicates(types: Iterable[str]) -> None:
    """Commands of these types were answered from the inbox."""
    for type_ in types:
        DUPLICATES.labels(type_).inc()
