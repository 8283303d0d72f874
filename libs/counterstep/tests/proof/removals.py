"""Each safeguard taken out, and what is searched to see what its absence costs."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from counterstep.saga.proof.rules import BOOKS, Rule, compensations_are_sent_last_first
from counterstep.saga.proof.safeguards import Safeguards
from counterstep.saga.proof.scope import Scope
from proof import wrong
from proof.scopes import DECIDED_LATE, LIED_TO, ONE_BY_ONE, TRIP


class Removal(NamedTuple):
    """The safeguards that are left; what is judged is the harm done, not the first odd step towards it."""

    safeguards: Safeguards
    scope: Scope = ONE_BY_ONE
    rules: Sequence[Rule] = BOOKS


REMOVED: Final[Mapping[str, Removal]] = {
    "matching answers": Removal(Safeguards(advance=wrong.any_answer_counts)),
    "compensation of the step in doubt": Removal(Safeguards(advance=wrong.timeout_is_a_refusal)),
    "resending a pivot that timed out": Removal(Safeguards(advance=wrong.timeout_of_the_pivot_is_a_refusal)),
    "resending": Removal(Safeguards(advance=wrong.timeouts_are_ignored)),
    "a point of no return": Removal(Safeguards(advance=wrong.cancelled_at_any_time)),
    "doubt about what a cancellation overtakes": Removal(Safeguards(advance=wrong.cancelled_without_doubt)),
    "reverse order": Removal(
        Safeguards(advance=wrong.undone_first_to_last), rules=(compensations_are_sent_last_first,)
    ),
    "waiting for the whole group": Removal(Safeguards(advance=wrong.group_is_left_alone), TRIP),
    "tombstone": Removal(Safeguards(deduplicate=wrong.no_tombstone)),
    "tombstone of a deferred reply": Removal(Safeguards(deduplicate=wrong.reply_stays_pending), DECIDED_LATE),
    "inbox": Removal(Safeguards(deduplicate=wrong.nothing_is_known)),
    "primary key of the inbox": Removal(Safeguards(checks_inbox=False)),
    "stored reply": Removal(Safeguards(answers_again=False)),
    "revision check": Removal(Safeguards(checks_revision=False)),
    "checking who answers": Removal(Safeguards(objection=wrong.anybody_answers), LIED_TO[0]),
    "checking who commands": Removal(Safeguards(checks_commands=False), LIED_TO[0]),
    "outbox": Removal(Safeguards(sends_with_commit=False)),
}

SECOND_LINE: Final = Removal(Safeguards(advance=wrong.any_attempt_counts), ONE_BY_ONE._replace(stalled=0))
"""Stored replies make all answers of a step the same: matching the attempt protects the history, not the books."""
