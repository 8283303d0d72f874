"""The search with fewer worlds finds harm if and only if the search over all of them does."""

from collections.abc import Mapping
from typing import Final

import pytest
from counterstep.saga.abort import Abort, AbortCause
from counterstep.saga.instance import Instance, Phase, StepState
from counterstep.saga.proof.covering import Covered, cover
from counterstep.saga.proof.merging import merged
from counterstep.saga.proof.model import Model
from counterstep.saga.proof.rules import RULES
from counterstep.saga.proof.safeguards import Safeguards
from counterstep.saga.proof.scope import Scope
from counterstep.saga.proof.scoped import prove_scope
from counterstep.saga.proof.world import World
from proof.removals import REMOVED
from proof.scopes import DECIDED_LATE, ONE_BY_ONE, TRIP

SOUND: Final[Mapping[str, Scope]] = {
    "one by one": ONE_BY_ONE._replace(stalled=0),
    "decided late": DECIDED_LATE._replace(stalled=0),
    "in parallel": TRIP._replace(attempts=1),
}


def both(scope: Scope, safeguards: Safeguards) -> tuple[bool, bool]:
    """Whether each of the two searches finds harm."""
    everything = prove_scope(Model(scope, safeguards), RULES).violation is not None
    return everything, cover(Model(scope, safeguards, merges=True)).harmful


@pytest.mark.parametrize("scope", SOUND)
def test_neither_search_finds_harm_where_there_is_none(scope: str) -> None:
    assert both(SOUND[scope], Safeguards()) == (False, False)


@pytest.mark.parametrize("safeguard", REMOVED)
def test_without_a_safeguard_both_searches_find_harm(safeguard: str) -> None:
    removal = REMOVED[safeguard]
    assert both(removal.scope, removal.safeguards) == (True, True)


def test_it_searches_far_fewer_worlds() -> None:
    scope = ONE_BY_ONE._replace(stalled=0)
    assert cover(Model(scope, merges=True)).states * 5 < prove_scope(Model(scope)).states


def test_a_world_with_less_in_flight_is_covered_and_one_with_more_is_taken() -> None:
    found = Covered()
    first, less, more, other = (World((1,), flight) for flight in (0b0110, 0b0010, 0b1110, 0b0001))
    assert [found.takes(world) for world in (first, less, more, other)] == [True, False, True, True]
    assert [found.still_has(world) for world in (first, more, other)] == [False, True, True]


def test_only_what_never_matters_again_is_merged() -> None:
    steps = {"over": StepState(Phase.DONE, 3), "pending": StepState(Phase.COMPENSATING, 2)}
    one = merged(Instance(steps, Abort(AbortCause.TIMEOUT, "it took too long")))
    assert one.steps == {"over": StepState(Phase.DONE), "pending": StepState(Phase.COMPENSATING, 2)}
    assert one == merged(Instance(steps, Abort(AbortCause.REFUSED, "no", "full")))
    assert one != merged(Instance(steps, Abort(AbortCause.CANCELLED, "no")))
    assert merged(Instance(steps)).abort is None
