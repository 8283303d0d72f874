"""What became of a message in quarantine. It stands apart from the table: readers need no database library."""

from typing import Literal, TypeAlias

QuarantineStatus: TypeAlias = Literal["waiting", "retried", "discarded"]
