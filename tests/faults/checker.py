"""The independent checker: it reads what is there, and names everything that breaks a guarantee.

It knows the guarantees and nothing of the code that is to keep them.
"""

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from faults.book_rules import books_balance
from faults.effect_rules import effects_happen_once
from faults.evidence import Evidence
from faults.history_rules import histories_are_consistent
from faults.leftover_rules import nothing_is_left_over
from faults.order_rules import orders_end

Rule: TypeAlias = Callable[[Evidence], Iterator[str]]

RULES: Final[tuple[Rule, ...]] = (
    orders_end,
    books_balance,
    effects_happen_once,
    histories_are_consistent,
    nothing_is_left_over,
)


def violations(evidence: Evidence) -> list[str]:
    """Every violation, as a sentence; none where all is well."""
    return [sentence for rule in RULES for sentence in rule(evidence)]
