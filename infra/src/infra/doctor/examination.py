"""All examinations, in the order of their dependencies."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from infra.doctor import listeners, machine, programs, secrets, state_files, stores
from infra.doctor.finding import Finding, broken, fine
from infra.launcher import Deployment, Stack
from infra.machine.user_error import UserError


def examine(stack: Deployment, failures: Iterable[UserError] = ()) -> Iterator[Finding]:
    """Examine everything: the machine, files, ports, programs, secrets, and the running parts.

    `failures` came up before, when the deployment was looked for.
    """
    found: set[Finding] = set()
    for finding in chain(map(_reported, failures), _all(stack)):  # one cause may stop several examinations
        if finding not in found:
            found.add(finding)
            yield finding


def _all(stack: Deployment) -> Iterator[Finding]:
    try:
        running = set(stack.running())
    except UserError as failure:  # the engine that made the data does not answer
        running = set[str]()
        yield _reported(failure)
    native = isinstance(stack, Stack)
    yield from _guarded(lambda: machine.examine(stack.home.path, running=bool(running)))
    if native:
        yield from _guarded(lambda: programs.native(stack.environment, tls=stack.home.tls.on))
    yield from _guarded(lambda: state_files.examine(stack))
    yield from _guarded(lambda: listeners.examine(stack))
    yield from _guarded(lambda: secrets.examine(stack.home))
    if running:
        yield from _guarded(lambda: asyncio.run(_live(stack, running)))
    else:
        yield fine("parts", "nothing is running; `make up` starts everything")
    yield programs.docker(stack.environment, needed=not native)
    yield from programs.recommended(stack.environment, native=native)


async def _live(stack: Deployment, running: set[str]) -> list[Finding]:
    lost = secrets.missing(stack.home)
    known = set(secrets.NAMES) - lost
    found: list[Finding] = []
    if stack.broker.name in running:
        found += [finding async for finding in stores.broker(stack, known)]
    if "postgres" in running:
        found += [finding async for finding in stores.database(stack, known)]
    if "jwt" in known:
        found += await asyncio.to_thread(lambda: list(stores.tokens(stack, running)))
    tried = {f"secret {name}" for name in secrets.IRREPLACEABLE} & {finding.subject for finding in found}
    return found if tried or lost & secrets.IRREPLACEABLE else [*found, *await _parts(stack, found)]


async def _parts(stack: Deployment, found: list[Finding]) -> list[Finding]:
    """Report a process that is not ready only if nothing else is broken: otherwise it is a consequence."""
    statuses = await stack.part_statuses()
    stopped = [_unusable(each.name, "stopped, while other parts run") for each in statuses if not each.process]
    if stopped or any(finding.verdict == "broken" for finding in found):
        return stopped
    unready = [_unusable(each.name, f"not ready: {each.missing}") for each in statuses if not each.usable]
    return unready or [fine("parts", f"{len(statuses)} are running and ready")]


def _unusable(part: str, detail: str) -> Finding:
    return broken(part, detail, f"read its log: `make logs PART={part}`; then start it: `make up`")


def _guarded(examination: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    try:
        yield from examination()
    except UserError as failure:
        yield _reported(failure)
    except OSError as error:
        place = f" at {error.filename}" if error.filename else ""
        yield broken("files", f"{error.strerror}{place}", "give yourself access, or set COUNTERSTEP_RUN elsewhere")


def _reported(failure: UserError) -> Finding:
    return broken(failure.part, failure.reason, "check again afterwards: `saga doctor`")
