"""The five kinds of message that services send each other: message, event, command, reply, refusal."""

from abc import abstractmethod
from typing import ClassVar, Generic, Never, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict

from counterstep.protocol.refusal_codes import UNSPECIFIED, Code


class Message(BaseModel):
    """A message between services. `version` grows with every change that an older or newer peer could not read.

    The module that declares a message is its address: `contracts.hotel.BookRoom` has the routing key
    `hotel.book_room` and, in version 1, the type name `hotel.book_room.v1`. `address` replaces the module's name.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: ClassVar[int] = 1
    address: ClassVar[str | None] = None


class Past(Message):
    """A past version of a message. No service sends it any more, but one may still be in a queue or a database.

    Declare it in the contracts' subpackage `past`, in a module of the same name as the current one. Handlers and
    sagas only meet the current version, because the platform calls `upcast`. A past version is no event, command
    or reply, so the type checker refuses to send one.

    Units: none of its own.

    Raises: pydantic's `ValidationError` for a stored text that is no such message. `upcast` must not raise.

    >>> from trip.contracts import suppliers as now
    >>> class SoldOut(Past):
    ...     reason: str
    ...     def upcast(self) -> now.SoldOut:
    ...         return now.SoldOut(code=now.SoldOutCode.SOLD_OUT, reason=self.reason)
    >>> SoldOut(reason="no seat is left").upcast().code
    <SoldOutCode.SOLD_OUT: 'sold_out'>
    """

    @abstractmethod
    def upcast(self) -> Message:
        """The same message in the next version, which may itself be a past one. It must not raise."""


class Event(Message):
    """A fact that a service publishes to all its subscribers. Readers ignore fields that they do not know."""


class StartEvent(Event):
    """An event that begins a saga instance. Declare it in the module of the service that publishes it.

    The orchestrator subscribes to every start event of the contracts. Publish it with a new uuid7 as `saga_id`, in
    the transaction that writes what the saga is about: `tx.publish(requested, saga_id=trip.saga_id)`.

    Units: none of its own.

    Raises: pydantic's `ValidationError` for a field that is missing or wrong.

    >>> class RefundWanted(StartEvent):
    ...     trip_id: UUID
    >>> RefundWanted(trip_id=UUID(int=1)).version
    1
    """


class CancellationEvent(Event):
    """An event that cancels a saga instance. Publish it with the `saga_id` of the start event.

    A saga names it as `cancelled_by`. Before the pivot's command is sent, the instance rolls back and `reason` is
    the reason of its `Abort`. Later the event changes nothing, and the instance completes.

    Units: none; `reason` is one line for people.

    Raises: pydantic's `ValidationError` for a field that is missing or wrong.

    >>> class TripCancelled(CancellationEvent):
    ...     trip_id: UUID
    >>> TripCancelled(trip_id=UUID(int=1), reason="the traveller is ill").reason
    'the traveller is ill'
    """

    reason: str = "called back"
    """One line for people."""


class Reply(Message):
    """A participant's successful reply to a command. Its fields are what later steps may need.

    The platform adds the saga instance, the step and the attempt as headers. A step gets the reply of an earlier
    one by a parameter of its type.

    Units: none of its own.

    Raises: pydantic's `ValidationError` for a field that is missing or wrong.

    >>> class MoneyHeld(Reply):
    ...     hold_id: UUID
    >>> class MoneyTaken(Reply): ...
    >>> class TakeMoney(Command[MoneyTaken, Never]):
    ...     hold_id: UUID
    >>> def take_money(start: TripRequested, held: MoneyHeld) -> TakeMoney:
    ...     return TakeMoney(hold_id=held.hold_id)
    """


class Refusal(Reply):
    """A participant declines a command for a business reason, and the saga rolls back.

    A bug or an outage is no refusal: it is an exception, and the message is tried again.

    `code` is for programs: metrics, filters, and a saga's own undo tell refusals apart by it. A contract declares
    its codes as a `RefusalCode`. `reason` is a sentence for people, and its wording may change at any time.

    Units: a code has at most 64 characters: lower-case letters, digits and underscores.

    Raises: pydantic's `ValidationError` for a code of another form, and for one that the contract does not
    declare.

    >>> class SeatTaken(Refusal): ...
    >>> SeatTaken(code="already_taken", reason="seat 12A is taken").code
    'already_taken'
    """

    code: Code = UNSPECIFIED
    reason: str


Ok = TypeVar("Ok", bound=Reply, covariant=True)
No = TypeVar("No", bound=Refusal, covariant=True)


class Command(Message, Generic[Ok, No]):
    """A request to one participant, which replies `Ok` or refuses with `No`. With `Never` it cannot refuse.

    The module that declares it is its address: a command in `contracts/suppliers.py` goes to the service
    `suppliers`.

    Units: none of its own. A field's name says its unit, as `nights` does.

    Raises: pydantic's `ValidationError` for a field that is missing, wrong or unknown.

    >>> class RoomBooked(Reply): ...
    >>> class NoRoom(Refusal): ...
    >>> class BookRoom(Command[RoomBooked, NoRoom]):
    ...     nights: int
    >>> BookRoom(nights=3).nights
    3
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


FallibleCommand: TypeAlias = Command[Reply, Refusal]
"""Any command, whether it may be refused or not."""

InfallibleCommand: TypeAlias = Command[Reply, Never]
"""A command that cannot be refused: a compensation, or a step after the pivot."""
