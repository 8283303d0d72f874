"""What the shell offers for an argument: the names and ids that there are in this checkout's stack.

Each function is called by the shell, while a person types. It answers with nothing where nothing runs.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import TypeAlias

from contracts.topology import SERVICES
from counterstep.client import ApiError

from infra.cli.registered import registered
from infra.cli.terminal import operator
from infra.client import DeadLetters, Quarantine, Sagas
from infra.launcher import Deployment, select_backend
from infra.machine.checkout import CHECKOUT
from infra.machine.terminal import printable
from infra.machine.user_error import UserError
from infra.scaffolding import generated as generated_in

Offer: TypeAlias = tuple[str, str]
"""A value, and a few words about it."""
NEWEST = 20


def services() -> list[str]:
    return list(SERVICES)


def definitions() -> list[str]:
    return list(registered())


def generated() -> list[str]:
    """What `saga new` made."""
    return generated_in(CHECKOUT)


def _of_stack(ask: Callable[[Deployment], list[Offer]]) -> Callable[[], list[Offer]]:
    """The values that the stack knows; none where it cannot be asked."""

    @wraps(ask)
    def offers() -> list[Offer]:
        with suppress(UserError, ApiError):
            return ask(select_backend())
        return []

    del offers.__wrapped__  # typer would ask for the deployment
    return offers


@_of_stack
def parts(stack: Deployment) -> list[Offer]:
    return [(name, "") for name in stack.part_names]


@_of_stack
def pages(stack: Deployment) -> list[Offer]:
    return list(stack.pages.items())


@_of_stack
def sagas(stack: Deployment) -> list[Offer]:
    """The newest sagas."""
    found = Sagas(operator(stack)).newest(limit=NEWEST)
    return [(str(saga.saga_id), f"{saga.saga}, {saga.status}, {saga.started_at:%H:%M:%S}") for saga in found]


@_of_stack
def letters(stack: Deployment) -> list[Offer]:
    """The newest dead letters that wait for a decision."""
    found = DeadLetters(operator(stack), SERVICES).all("waiting", limit=NEWEST)
    return [(str(letter.message_id), printable(f"{letter.service}: {letter.type}")) for letter in found]


@_of_stack
def quarantined(stack: Deployment) -> list[Offer]:
    """The newest messages in quarantine."""
    found = Quarantine(operator(stack), SERVICES).all("waiting", limit=NEWEST)
    return [(str(each.message_id), printable(f"{each.service}: {each.type}")) for each in found]
