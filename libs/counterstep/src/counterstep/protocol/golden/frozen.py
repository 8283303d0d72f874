"""What is frozen of one version of a message, and the file in which it is."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from counterstep.protocol.golden.samples import sample_of
from counterstep.protocol.golden.schemas import schema_of
from counterstep.protocol.messages import Command, Message
from counterstep.protocol.naming import answers, routing_key


@dataclass(frozen=True, slots=True)
class Golden:
    """What bodies of one version must be, one that was written when it was new, and what answers it."""

    schema: dict[str, Any]
    sample: dict[str, Any]
    answers: list[str]

    @classmethod
    def of(cls, message: type[Message]) -> Self:
        return cls(schema_of(message), sample_of(message), answers_to(message))

    @classmethod
    def read(cls, file: Path) -> Self:
        return cls(**json.loads(file.read_text()))

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), indent=2) + "\n")


def answers_to(message: type[Message]) -> list[str]:
    """What may come back, whatever its version; nothing to what is no command."""
    declared = answers(message) if issubclass(message, Command) else ()
    return [routing_key(answer) for answer in declared if isinstance(answer, type) and issubclass(answer, Message)]
