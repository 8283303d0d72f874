"""Tells of each container when it becomes ready, while Compose starts all of them."""

from collections.abc import Callable, Iterable
from time import monotonic

from infra.launcher.containers.container import Container
from infra.launcher.progress import Progress
from infra.machine.user_error import UserError


class Watch:
    """Looks at the containers, and prints the line of each that was not ready before."""

    def __init__(self, containers: Callable[[], Iterable[Container]], progress: Progress) -> None:
        self._containers = containers
        self._progress = progress
        self._begun = monotonic()
        self._told: set[str] = set()

    def look(self) -> None:
        """Print what is new. An engine that does not answer now may answer at the next look."""
        try:
            found = list(self._containers())
        except UserError:
            return
        for container in found:
            if container.is_ready and container.service not in self._told:
                self._told.add(container.service)
                self._progress.done(container.service, monotonic() - self._begun, container.address)
        self._progress.waits_for([each.service for each in found if each.service not in self._told])

    def end(self) -> None:
        """No step is under way any more."""
        self._progress.waits_for([])
