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
    """A version that no service sends any more, but that may still be in a queue or a database: only read."""

    @abstractmethod
    def upcast(self) -> Message:
        """The same message in the next version."""


class Event(Message):
    """A fact that a service publishes to all its subscribers. Readers ignore fields that they do not know."""


class StartEvent(Event):
    """An event that begins a saga. The orchestrator subscribes to every start event of the contracts."""


class CancellationEvent(Event):
    """An event by which the service that started a saga asks for it to be undone."""

    reason: str = "called back"


class Reply(Message):
    """A participant's reply to a command. Its headers name the saga instance and the step."""


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
