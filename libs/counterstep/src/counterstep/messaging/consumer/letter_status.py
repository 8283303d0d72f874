"""What has become of a dead letter; apart from its table, so that whoever only reads of it needs no database."""

from typing import Literal, TypeAlias

LetterStatus: TypeAlias = Literal["waiting", "replayed", "discarded"]
