"""Every message of the contracts, with its route from the topology."""

import json
from dataclasses import dataclass
from functools import cache

from contracts.topology import SHOP
from counterstep.messaging.participant.signature import AnyCommand
from counterstep.protocol.messages import Command, Event, Message, Refusal, Reply
from counterstep.protocol.naming import type_name
from counterstep.topology.asyncapi.messages import described
from counterstep.topology.routes import Route, replies_to, routes


@dataclass(frozen=True, slots=True)
class Entry:
    """One message: its kind, its description, its route, its publishers and its consumers."""

    route: Route

    @property
    def name(self) -> str:
        return type_name(self.route.message)

    @property
    def kind(self) -> str:
        """Event, command, reply or refusal."""
        kinds: dict[type[Message], str] = {Event: "event", Command: "command", Refusal: "refusal", Reply: "reply"}
        return next((name for base, name in kinds.items() if issubclass(self.route.message, base)), "control")

    @property
    def says(self) -> str | None:
        return described(self.route.message)

    @property
    def schema(self) -> str:
        """Its JSON schema."""
        return json.dumps(self.route.message.model_json_schema(), indent=2)

    @property
    def answers(self) -> list[str]:
        """The replies to a command; none for other messages."""
        message = self.route.message
        return [type_name(reply) for reply in replies_to(message)] if issubclass(message, Command) else []

    @property
    def answers_to(self) -> list[str]:
        """The commands that a reply answers."""
        return [type_name(command) for command in SHOP.contracts.commands if self._is_reply_to(command)]

    def _is_reply_to(self, command: type[AnyCommand]) -> bool:
        return self.route.message in replies_to(command)


def entry(name: str) -> Entry | None:
    """One message by its type name; or by its name without the version, in the version that is published."""
    bare = {each.name.rpartition(".v")[0]: each for each in entries().values()}
    return entries().get(name) or bare.get(name)


@cache
def entries() -> dict[str, Entry]:
    """All of them, by type name: first events, then commands, then replies."""
    order = ("event", "command", "reply", "refusal", "control")
    found = sorted(map(Entry, routes(SHOP)), key=lambda entry: (order.index(entry.kind), entry.name))
    return {entry.name: entry for entry in found}
