"""Every message there is, as its contract and the topology have it."""

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
    """One message: what it is, where it goes, who says it and who hears it."""

    route: Route

    @property
    def name(self) -> str:
        return type_name(self.route.message)

    @property
    def kind(self) -> str:
        """What it is to the conversation."""
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
        """Of a command, what may come back."""
        message = self.route.message
        return [type_name(reply) for reply in replies_to(message)] if issubclass(message, Command) else []

    @property
    def answers_to(self) -> list[str]:
        """Of a reply, the commands that it answers."""
        return [type_name(command) for command in SHOP.contracts.commands if self._is_reply_to(command)]

    def _is_reply_to(self, command: type[AnyCommand]) -> bool:
        return self.route.message in replies_to(command)


def entry(name: str) -> Entry | None:
    """One message by its type name; or by its name alone, in the version that is said."""
    bare = {each.name.rpartition(".v")[0]: each for each in entries().values()}
    return entries().get(name) or bare.get(name)


@cache
def entries() -> dict[str, Entry]:
    """All of them, by type name: events, then commands, then what is answered."""
    order = ("event", "command", "reply", "refusal", "control")
    found = sorted(map(Entry, routes(SHOP)), key=lambda entry: (order.index(entry.kind), entry.name))
    return {entry.name: entry for entry in found}
