"""Examines the files in which a deployment remembers how it was started; a power cut may have cut one off."""

from collections.abc import Iterator

from infra.components.replicas import Replicas
from infra.doctor.finding import Finding, broken, fine
from infra.launcher import Deployment
from infra.machine.ports import Ports
from infra.machine.user_error import UserError


def examine(stack: Deployment) -> Iterator[Finding]:
    """Read each, and name those that cannot be read."""
    readers = (
        lambda: Ports.resolve({}, stack.home.ports),
        lambda: Replicas.remembered(stack.home.replicas),
        stack.home.tls.context,
    )
    wrong = 0
    for read in readers:
        try:
            read()
        except UserError as failure:
            wrong += 1
            yield broken(failure.part, failure.reason, "check again afterwards: `saga doctor`")
    if not wrong:
        yield fine("state files", "each can be read")
