"""Messages of several services that wait for an operator's decision, as one list."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

from counterstep.client import Client, ProblemError

from infra.machine.user_error import UserError

NOT_FOUND = 404


class OfService(Protocol):
    """A message, with the name of the service that keeps it."""

    @property
    def message_id(self) -> UUID: ...

    @property
    def service(self) -> str: ...


Row = TypeVar("Row", bound=OfService)
Whole = TypeVar("Whole", bound=OfService)


class SetAside(ABC, Generic[Row, Whole]):
    """One kind of such messages, for one operator. Every method raises `ApiError` as the client does."""

    name: ClassVar[str]
    hint: ClassVar[str]
    """What lists them."""

    def __init__(self, client: Client, services: Iterable[str]) -> None:
        self._client = client
        self._services = tuple(services)

    def one(self, message_id: UUID, *, whole: bool = False) -> Whole:
        """This message, with the `whole` body or its beginning. Raises `UserError` where no service has it."""
        for service in self._services:
            try:
                return self._read(service, message_id, whole=whole)
            except ProblemError as problem:
                if problem.status != NOT_FOUND:
                    raise
        raise UserError(self.name, f"no service has {message_id}; {self.hint}")

    @abstractmethod
    def _read(self, service: str, message_id: UUID, *, whole: bool) -> Whole: ...

    def _newest(self, of_service: Callable[[str], Iterator[Row]], limit: int) -> list[Row]:
        """The newest messages of all services, at most `limit`."""
        found = [each for service in self._services for each in islice(of_service(service), limit)]
        return sorted(found, key=lambda each: each.message_id, reverse=True)[:limit]

    def _many(self, act: Callable[[str, int], int], limit: int) -> dict[str, int]:
        """Act on at most `limit` messages, service by service; on how many, by service."""
        done: dict[str, int] = {}
        for service in self._services:
            if left := limit - sum(done.values()):
                done[service] = act(service, left)
        return done
