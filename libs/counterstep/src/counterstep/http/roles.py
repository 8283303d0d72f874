"""Who may do what: roles, and callers who have one."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a caller may do. A customer acts for themselves, an operator for all. A viewer reads everything."""

    CUSTOMER = "customer"
    OPERATOR = "operator"
    VIEWER = "viewer"


LOOKING = frozenset({Role.OPERATOR, Role.VIEWER})
"""The roles that may read the data of every customer."""


@dataclass(frozen=True)
class Caller:
    """The person or program that a token names, by `subject`."""

    subject: str
    role: Role

    def may_act_for(self, subject: str) -> bool:
        """Whether the caller may change what belongs to this subject."""
        return self.role is Role.OPERATOR or (self.role is Role.CUSTOMER and self.subject == subject)

    def may_see(self, subject: str) -> bool:
        """Whether the caller may read what belongs to this subject."""
        return self.sees_all or self.may_act_for(subject)

    @property
    def sees_all(self) -> bool:
        """Whether the caller may read the data of every customer."""
        return self.role in LOOKING
