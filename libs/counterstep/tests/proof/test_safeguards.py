"""Without any one of its safeguards the system does harm, and the search says how."""

import pytest
from counterstep.saga.proof.model import Model
from counterstep.saga.proof.report import trace
from counterstep.saga.proof.scoped import prove_scope
from proof.removals import REMOVED, SECOND_LINE


@pytest.mark.parametrize("safeguard", REMOVED)
def test_without_this_safeguard_there_is_a_way_to_harm(safeguard: str) -> None:
    removal = REMOVED[safeguard]
    violation = prove_scope(Model(removal.scope, removal.safeguards), removal.rules).violation
    assert violation, f"the search finds no harm without {safeguard}"
    print(f"without {safeguard}", *trace(violation), sep="\n")  # noqa: T201 - shown by `pytest -rP`


def test_an_answer_to_another_attempt_would_do_no_harm_as_replies_are_stored() -> None:
    assert prove_scope(Model(SECOND_LINE.scope, SECOND_LINE.safeguards), SECOND_LINE.rules).violation is None
