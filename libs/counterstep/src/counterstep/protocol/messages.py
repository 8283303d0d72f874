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

    Declare it in the contracts' subpackage `past`, in a module of the same name as the current one. Handlers
    and sagas only meet the current version, because the platform calls `upcast`. A past version is no event,
    command or reply, so the type checker refuses to send one.

    ```python
    class NoRoom(Past):
        reason: str

        def upcast(self) -> hotel.NoRoom:
            return hotel.NoRoom(code=hotel.NoRoomCode.UNSPECIFIED, reason=self.reason)
    ```
    """

    @abstractmethod
    def upcast(self) -> Message:
        """The same message in the next version, which may itself be a past one. It must not raise."""


class Event(Message):
    """A fact that a service publishes to all its subscribers. Readers ignore fields that they do not know."""


class StartEvent(Event):
    """An event that begins a saga instance. Declare it in the module of the service that publishes it.

    The orchestrator subscribes to every start event of the contracts. Publish it with a new uuid7 as `saga_id`,
    in the transaction that writes what the saga is about:

    ```python
    tx.publish(TripWanted(trip_id=trip.trip_id), saga_id=trip.saga_id)
    ```
    """


class CancellationEvent(Event):
    """An event that cancels a saga instance. Publish it with the `saga_id` of the start event.

    A saga names it as `cancelled_by`. Before the pivot's command is sent, the instance rolls back and `reason` is
    the reason of its `Abort`. Later the event changes nothing, and the instance completes.

    ```python
    tx.publish(TripCancelled(reason="the customer is ill"), saga_id=trip.saga_id)
    ```
    """

    reason: str = "called back"
    """One line for people."""


class Reply(Message):
    """A participant's successful reply to a command. Its fields are what later steps may need.

    The platform adds the saga instance, the step and the attempt as headers. A step gets the reply of an earlier
    one by a parameter of its type:

    ```python
    class MoneyHeld(Reply):
        hold_id: UUID


    def take_money(start: TripWanted, held: MoneyHeld) -> TakeMoney:
        return TakeMoney(hold_id=held.hold_id)
    ```
    """


class Refusal(Reply):
    """A participant declines a command for a business reason, and the saga rolls back.

    A bug or an outage is no refusal: it is an exception, and the message is tried again.

    `code` is for programs: metrics, filters, and a saga's own undo tell refusals apart by it. A contract declares
    its codes as a `RefusalCode`. `reason` is a sentence for people, and its wording may change at any time.
    """

    code: Code = UNSPECIFIED
    reason: str


Ok = TypeVar("Ok", bound=Reply, covariant=True)
No = TypeVar("No", bound=Refusal, covariant=True)


class Command(Message, Generic[Ok, No]):
    """A request to one participant, which replies `Ok` or refuses with `No`. With `Never` it cannot refuse.

    >>> class RoomBooked(Reply): ...
    >>> class NoRoom(Refusal): ...
    >>> class BookRoom(Command[RoomBooked, NoRoom]):
    ...     nights: int
    """

    model_config = ConfigDict(frozen=True, extra="forbid")


FallibleCommand: TypeAlias = Command[Reply, Refusal]
"""Any command, whether it may be refused or not."""

InfallibleCommand: TypeAlias = Command[Reply, Never]
"""A command that cannot be refused: a compensation, or a step after the pivot."""
