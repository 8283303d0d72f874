"""Message, event, command, reply, refusal: the five words that services speak."""

from abc import abstractmethod
from typing import ClassVar, Generic, Never, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """Something said between services, once; `version` grows with every change a peer could not read."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: ClassVar[int] = 1


class Past(Message):
    """A version that nobody says any more, and that may still be on its way or on a disk: it is only read."""

    @abstractmethod
    def upcast(self) -> Message:
        """The same message as the next version says it."""


class Event(Message):
    """A fact that its service announces to whoever listens. Readers ignore fields that they do not know."""


class CallingBack(Event):
    """An event by which whoever started a saga wants it undone, and why."""

    reason: str = "called back"


class Reply(Message):
    """What a participant answers to a command; which saga and step it answers stands in the envelope."""


class Refusal(Reply):
    """A business no: it turns the saga back. A bug or an outage is an exception, and is redelivered."""

    reason: str


Ok = TypeVar("Ok", bound=Reply, covariant=True)
No = TypeVar("No", bound=Refusal, covariant=True)


class Command(Message, Generic[Ok, No]):
    """A request to one participant: it answers `Ok` or refuses with `No`; with `Never` it cannot refuse."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Refusable: TypeAlias = Command[Reply, Refusal]
Certain: TypeAlias = Command[Reply, Never]
