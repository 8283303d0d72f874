"""What operators do to parts: one act at a time, each to its end, beside no other command of this home."""

import asyncio
from contextlib import ExitStack

import structlog
from counterstep.http.views.parts import PartAct

from infra.launcher import Stack
from infra.machine.user_error import UserError

log = structlog.get_logger()


class Acts:
    """The acts of one stack."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._tasks: set[asyncio.Task[None]] = set()
        self.under_way: set[str] = set()
        """The parts to which something is done right now."""
        self.problems: dict[str, str] = {}
        """The parts whose last act failed, and why."""

    async def begin(self, part: str, act: PartAct) -> None:
        """Begin it, and return at once. Raises UserError where another command is changing the home."""
        with ExitStack() as held:
            held.enter_context(self._stack.home.lock())
            self.problems.pop(part, None)
            self.under_way.add(part)
            task = asyncio.create_task(self._run(part, act, held.pop_all()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ended(self) -> None:
        """Wait until nothing is under way."""
        await asyncio.gather(*self._tasks)

    async def _run(self, part: str, act: PartAct, held: ExitStack) -> None:
        with held:
            try:
                await asyncio.to_thread(self._do, part, act)
            except (UserError, OSError) as error:
                self.problems[part] = error.reason if isinstance(error, UserError) else str(error)
                log.warning("an act on a part failed", part=part, act=act, reason=self.problems[part])
            finally:
                self.under_way.discard(part)

    def _do(self, part: str, act: PartAct) -> None:
        if act in {"stop", "restart"}:
            self._stack.stop(part)
        if act in {"start", "restart"}:
            self._stack.start(part)
