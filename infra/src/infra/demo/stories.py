"""The four stories of an order: confirmed, out of stock, insufficient funds, and payment not answering."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from contracts.topology import SERVICES
from counterstep.http.views.sagas import SagaDetail
from rich.console import Console
from rich.text import Text
from shop_client import Order

from infra.client import Sagas
from infra.demo import orders
from infra.launcher import Deployment
from infra.machine.typed import as_typed
from infra.machine.user_error import UserError
from infra.screens import watching


@dataclass(frozen=True)
class Story:
    """One order, how it must end, and what to look at; `silent` is the service that does not answer."""

    title: str
    what: str
    customer: str
    basket: dict[str, int] = field(hash=False)
    ends: str
    look_at: str
    silent: str | None = None


STORIES = (
    Story(
        "Confirmed",
        "Ada orders a mug and three pencils. They are in stock, and she can pay.",
        "ada",
        {"mug": 1, "pencil": 3},
        "confirmed",
        "Each step is a command and its reply.",
    ),
    Story(
        "Out of stock",
        "Grace orders a globe. They are sold out.",
        "grace",
        {"globe": 1},
        "rejected",
        "A refusal is a reply, not an error: nothing in the trace is red, and the reserved money is released.",
    ),
    Story(
        "Insufficient funds",
        "Diogenes orders a lamp. It is reserved for him, but payment finds that his account does not cover it.",
        "diogenes",
        {"lamp": 1},
        "rejected",
        "The reserved stock is released: see the compensation column.",
    ),
    Story(
        "Payment does not answer",
        "Payment is stopped, and Ada orders a plant. After 30 seconds the step times"
        " out: nobody knows whether she has paid."
        " The saga aborts and sends payment the compensation. Then payment is started again.",
        "ada",
        {"plant": 1},
        "rejected",
        "The step that timed out is red, and is compensated too: its"
        " compensation waited in the queue for payment.",
        silent="payment",
    ),
)


def run_story(console: Console, stack: Deployment, sagas: Sagas, number: int) -> None:
    """Place the story's order and show it to its end. Raises UserError where it ends otherwise than it must."""
    story = STORIES[number]
    console.print(Text.assemble("\n", (f"{number + 1}. {story.title}", "bold"), f"\n{story.what}\n"))
    if story.silent:
        with _stopped(stack, story.silent):
            placed = orders.place(stack, story.customer, story.basket)
            watching.follow(console, sagas, placed.saga_id, until=_has_aborted)
        console.print(Text(f"\n{story.silent} is started again.\n", "dim"))
    else:
        placed = orders.place(stack, story.customer, story.basket)
    saga = watching.follow(console, sagas, placed.saga_id)
    _conclude(console, story, orders.read(stack, placed), saga)


def check_running(stack: Deployment) -> None:
    """Raises UserError where a service does not run that the stories need."""
    if missing := [name for name in SERVICES if name not in stack.running()]:
        raise UserError("demo", f"{', '.join(missing)} must be running; start it with `make up`")


def _conclude(console: Console, story: Story, order: Order, saga: SagaDetail) -> None:
    if order.status != story.ends:
        raise UserError("demo", f"order {order.order_id} is {order.status}, not {story.ends}: {order.reason}")
    code = f", {order.code}" if order.code else ""
    why = f" ({order.reason}{code})" if order.reason else ""
    text = f"\nThe order is {order.status}{why}. {story.look_at}"
    trace = f"\n  trace  {saga.trace_url}" if saga.trace_url else ""
    console.print(Text(text))
    console.print(Text(as_typed(f"  again  `saga sagas show {saga.saga_id}`{trace}"), "dim"), soft_wrap=True)


def _has_aborted(saga: SagaDetail) -> bool:
    return saga.reason is not None


@contextmanager
def _stopped(stack: Deployment, service: str) -> Iterator[None]:
    processes = stack.processes_of(service)
    for name in processes:
        stack.stop(name)
    try:
        yield
    finally:
        for name in processes:
            stack.start(name)
