"""What has become of a dead letter. It stands apart from the table, so its readers need no database library."""

from typing import Literal, TypeAlias

LetterStatus: TypeAlias = Literal["waiting", "replayed", "discarded"]
