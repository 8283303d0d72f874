"""Who may do what: roles, and whoever has one."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    CUSTOMER = "customer"
    OPERATOR = "operator"
    VIEWER = "viewer"
    """Reads whatever an operator may read, and changes nothing."""


LOOKING = frozenset({Role.OPERATOR, Role.VIEWER})
"""The roles that read what is everybody's."""


@dataclass(frozen=True)
class Caller:
    """The caller that a token speaks for. `subject` is the id of a person or of a program."""

    subject: str
    role: Role

    def may_act_for(self, subject: str) -> bool:
        return self.role is Role.OPERATOR or (self.role is Role.CUSTOMER and self.subject == subject)

    def may_see(self, subject: str) -> bool:
        return self.sees_all or self.may_act_for(subject)

    @property
    def sees_all(self) -> bool:
        return self.role in LOOKING
