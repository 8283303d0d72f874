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
    """Whoever the token speaks for; a customer's subject is their customer_id."""

    subject: str
    role: Role

    def may_act_for(self, customer_id: str) -> bool:
        return self.role is Role.OPERATOR or (self.role is Role.CUSTOMER and self.subject == customer_id)

    def may_see(self, customer_id: str) -> bool:
        return self.sees_all or self.may_act_for(customer_id)

    @property
    def sees_all(self) -> bool:
        return self.role in LOOKING
