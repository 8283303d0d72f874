"""How everything is at this moment: every part, what RabbitMQ holds, and what an operator should look at."""

import asyncio
from collections.abc import Callable

import httpx
from pydantic import BaseModel, computed_field

from infra.alerts import Alert, alerts, alerts_of_letters, alerts_of_outboxes
from infra.assembly import Assembly
from infra.broker_view import BrokerView, look
from infra.dead_letters import DeadLetters
from infra.outboxes import Outbox, outboxes
from infra.part import Part
from infra.public_api import PublicApi
from infra.supervision import Process


class PartStatus(BaseModel, frozen=True):
    """A part, its process where it runs, and what it lacks to be used (None: nothing)."""

    name: str
    address: str
    process: Process | None
    missing: str | None

    @computed_field  # type: ignore[prop-decorator] # as pydantic's documentation says
    @property
    def usable(self) -> bool:
        return self.process is not None and self.missing is None


class Status(BaseModel, frozen=True):
    """All of it; no broker where it does not answer, and no dead letters or outboxes of services that do not."""

    parts: list[PartStatus]
    broker: BrokerView | None
    dead_letters: dict[str, int]
    outboxes: dict[str, Outbox]

    @computed_field  # type: ignore[prop-decorator] # as above
    @property
    def alerts(self) -> list[Alert]:
        ready = {part.name for part in self.parts if part.usable}
        of_broker = alerts(self.broker, ready) if self.broker else []
        return [*of_broker, *alerts_of_outboxes(self.outboxes), *alerts_of_letters(self.dead_letters)]

    @property
    def usable(self) -> bool:
        return all(part.usable for part in self.parts)


async def status(assembly: Assembly, operator: Callable[[], PublicApi]) -> Status:
    """Ask every part that runs how it is; `operator` opens their APIs, where there are any to ask."""
    parts = await _parts(assembly)
    usable = {part.name for part in parts if part.usable}
    urls = {name: service.url for name, service in assembly.services.items() if name in usable}
    return Status(
        parts=parts,
        broker=await _broker(assembly) if assembly.broker.name in usable else None,
        dead_letters=await asyncio.to_thread(DeadLetters(operator(), urls).waiting) if urls else {},
        outboxes=await asyncio.to_thread(outboxes, operator(), urls) if urls else {},
    )


async def _parts(assembly: Assembly) -> list[PartStatus]:
    processes = assembly.supervision.processes()

    async def ask(part: Part) -> PartStatus:
        process = processes.get(part.name)
        alive = process is not None and process.alive
        return PartStatus(
            name=part.name,
            address=part.address,
            process=process if alive else None,
            missing=await part.missing() if alive else None,
        )

    return list(await asyncio.gather(*map(ask, assembly.parts.values())))


async def _broker(assembly: Assembly) -> BrokerView | None:
    try:
        return await look(assembly.broker)
    except httpx.HTTPError:  # it went away meanwhile
        return None
