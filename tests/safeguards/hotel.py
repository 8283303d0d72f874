"""A participant of the travel system at work: its deliveries, and what becomes of them."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
from counterstep import Participant
from counterstep.messaging.consumer.delivery import Delivery
from counterstep.messaging.consumer.handling import Handling
from counterstep.messaging.consumer.origin import BrokerOrigin, LeasedRow, Receipt, RetryOrigin
from counterstep.messaging.outbox.platform_transaction import PlatformTransactions
from counterstep.messaging.wire.envelope import Envelope
from envelopes import HEADERS, a_command
from travel.contracts.hotel import CancelHotel, HotelCancelled
from travel.topology import TRAVEL

QUEUE: Final = "hotel.commands"
SENT: Final = "SELECT count(*) FROM outbox"
TOO_MUCH: Final = b'{"trip": "too much"}'
"""The body of a command whose handler raises."""


@dataclass
class Channel:
    """The broker's side of a channel: what was acknowledged by it, and how much was on disk by then."""

    database: asyncpg.Connection
    acknowledged: list[int] = field(default_factory=list)
    on_disk: list[int] = field(default_factory=list)
    is_closed: bool = False

    __hash__ = object.__hash__

    async def basic_ack(self, tag: int, *, multiple: bool) -> None:
        self.acknowledged += range(max(self.acknowledged, default=0) + 1, tag + 1) if multiple else [tag]
        self.on_disk.append(await self.database.fetchval(SENT))


class Hotel:
    """A process of the hotel service, without its broker; `handled` are the trips that its handler was given."""

    def __init__(self, transactions: PlatformTransactions, database: asyncpg.Connection) -> None:
        self.channel = Channel(database)
        self.process = uuid4()
        self.handled: list[str] = []
        self.offered_again: list[Delivery] = []
        self._transactions = transactions
        self._delivered = 0

    def delivery(self, envelope: Envelope | None = None, *, is_repeated: bool = False) -> Delivery:
        """The next delivery of the broker: of a command by the orchestrator, if nothing else is said."""
        self._delivered += 1
        receipt: Any = Receipt(self.channel, self._delivered)  # type: ignore[arg-type]
        return Delivery(QUEUE, envelope or command(), BrokerOrigin(receipt, is_repeated=is_repeated))

    def retry(self, fingerprint: UUID, *, failures: int, is_repeated: bool = False) -> Delivery:
        """A message that this process has taken from the table of retries."""
        row = LeasedRow(fingerprint, self.process, {fingerprint})
        return Delivery(QUEUE, command(), RetryOrigin(row, is_repeated=is_repeated, failures=failures))

    async def handle(self, *batch: Delivery) -> None:
        """Handle these as one batch."""
        hotel = Participant("hotel", TRAVEL)

        @hotel.handles(CancelHotel)
        def cancel(command: CancelHotel) -> HotelCancelled:
            self.handled.append(command.trip)
            if command.trip == "too much":
                raise RuntimeError(command.trip)
            return HotelCancelled()

        await Handling(hotel, hotel.work, self._transactions, self.process, self._offer_again)(batch)

    def _offer_again(self, delivery: Delivery, after: Coroutine[Any, Any, None]) -> None:
        asyncio.ensure_future(after).cancel()
        self.offered_again.append(delivery)


def command(body: bytes | None = None, *, sender: str = "orchestrator") -> Envelope:
    """A command of this sender, of a saga of its own."""
    sent = a_command(HEADERS.model_copy(update={"sender": sender}))
    return replace(sent, message_id=uuid4(), saga_id=uuid4(), body=sent.body if body is None else body)


def several(hotel: Hotel, bodies: Sequence[bytes | None]) -> list[Delivery]:
    """A delivery for each of these bodies."""
    return [hotel.delivery(command(body)) for body in bodies]
