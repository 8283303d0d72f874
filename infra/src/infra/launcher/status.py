"""The current status: every part, RabbitMQ's queues, and the alerts for an operator."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

import httpx2
from counterstep.client import ApiError, Client, boxes
from counterstep.http.views.boxes import OutboxView
from counterstep.http.views.letters import LetterView
from counterstep.monitoring.alerts import Alert, alerts, alerts_of_forgeries, alerts_of_letters, alerts_of_outboxes
from counterstep.monitoring.broker import BrokerView, with_retries
from pydantic import BaseModel, computed_field
from shop_client import WaitingReviews, reviews

from infra.client import REVIEWER, DeadLetters
from infra.components.rabbitmq.node import RabbitMQ
from infra.components.rabbitmq.view import read_view
from infra.launcher.native.supervision import Process


class Running(BaseModel, frozen=True):
    """What is known of a part's process: its number, where it is one of this machine's, and since when it runs."""

    pid: int | None
    up_for: str

    @classmethod
    def of(cls, process: Process) -> Self:
        return cls(pid=process.pid, up_for=str(timedelta(seconds=process.now - process.start)))


class PartStatus(BaseModel, frozen=True):
    """A part, its process where it runs, and what it lacks to be used (None: nothing)."""

    name: str
    address: str
    process: Running | None
    missing: str | None

    @computed_field  # type: ignore[prop-decorator] # as pydantic's documentation says
    @property
    def usable(self) -> bool:
        return self.process is not None and self.missing is None


class Status(BaseModel, frozen=True):
    """All of it; no broker where it does not answer, and nothing of the services that do not answer."""

    parts: list[PartStatus]
    broker: BrokerView | None
    dead_letters: dict[str, int]
    forged: dict[str, int]
    """How many of the dead letters were not their sender's to send, by service."""
    outboxes: dict[str, OutboxView]
    reviews: WaitingReviews | None = None
    """The orders that wait for a person: nothing is wrong with them, so they are no alert."""

    @computed_field  # type: ignore[prop-decorator] # as above
    @property
    def alerts(self) -> list[Alert]:
        ready = {part.name for part in self.parts if part.usable}
        of_broker = alerts(self.broker, ready) if self.broker else []
        return [
            *of_broker,
            *alerts_of_outboxes(self.outboxes),
            *alerts_of_forgeries(self.forged),
            *alerts_of_letters(self.dead_letters),
        ]

    @property
    def usable(self) -> bool:
        return all(part.usable for part in self.parts)


async def status(
    parts: list[PartStatus],
    broker: RabbitMQ,
    services: Iterable[str],
    operator: Callable[[], Client],
) -> Status:
    """Ask the broker, and every service that runs; `operator` opens the APIs, where there are any to ask.

    A service that is not ready, because its relay or its consumers fail, is the one with something to tell.
    """
    usable = {part.name for part in parts if part.usable}
    running = {part.name for part in parts if part.process is not None}
    asked = [name for name in services if name in running]
    answers = await asyncio.to_thread(_ask, operator(), asked) if asked else _Answers()
    seen = await _broker_view(broker) if broker.name in usable else None
    return Status(
        parts=parts,
        broker=with_retries(seen, answers.retries) if seen else None,
        dead_letters={name: len(waiting) for name, waiting in answers.letters.items()},
        forged={name: sum(each.is_forged for each in waiting) for name, waiting in answers.letters.items()},
        outboxes=answers.outboxes,
        reviews=answers.reviews,
    )


@dataclass
class _Answers:
    """What the services have answered. One that does not answer is left out, and the others are asked."""

    letters: dict[str, list[LetterView]] = field(default_factory=dict)
    outboxes: dict[str, OutboxView] = field(default_factory=dict)
    retries: dict[str, int] = field(default_factory=dict)
    """By queue. No two services consume the same."""
    reviews: WaitingReviews | None = None


def _ask(client: Client, services: Iterable[str]) -> _Answers:
    answers = _Answers()
    for name in services:
        with suppress(ApiError):
            answers.outboxes[name] = client.send(name, boxes.outbox())
            answers.letters |= DeadLetters(client, [name]).waiting()
            answers.retries |= client.send(name, boxes.retries()).waiting
            if name == REVIEWER:
                answers.reviews = client.send(name, reviews.waiting())
    return answers


async def _broker_view(broker: RabbitMQ) -> BrokerView | None:
    try:
        return await read_view(broker)
    except httpx2.HTTPError:  # it stopped in the meantime
        return None
