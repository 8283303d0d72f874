"""Random sagas under random faults: wider than any search, and as deep as chance leads."""

from functools import partial

from counterstep.saga.proof import faults, recovery
from counterstep.saga.proof.judge import Judge
from counterstep.saga.proof.model import Model
from counterstep.saga.proof.rules import RULES
from counterstep.saga.proof.scope import Scope
from counterstep.saga.proof.scoped import THE_WORST
from counterstep.saga.proof.search import explore
from counterstep.saga.proof.words import line
from counterstep.saga.proof.world import World
from hypothesis import note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from proof.random_sagas import scopes


class RandomSaga(RuleBasedStateMachine):
    """One instance of a random saga: whatever goes wrong, every rule holds and an end stays in reach."""

    model: Model
    judge: Judge
    world: World

    @initialize(scope=scopes())
    def a_saga_is_defined(self, scope: Scope) -> None:
        self.model = Model(scope)
        self.judge = Judge(self.model, RULES)
        self.world = self.model.initial

    @rule(nth=st.integers(0, 1_000))
    def anything_happens(self, nth: int) -> None:
        moves = list(faults.moves(self.model, self.world))
        if moves:
            move = moves[nth % len(moves)]
            note(line(self.model, self.world, move))
            broken = self.judge.broken(self.world, move.world)
            assert not broken, broken
            self.world = move.world

    def teardown(self) -> None:
        if hasattr(self, "world"):
            note(THE_WORST)
            healthy = explore(
                [recovery.worst(self.model, self.world)], partial(recovery.moves, self.model), self.judge
            )
            assert not healthy.breach, healthy.breach
            assert not recovery.stuck(self.model, healthy.reached_from), "no end can be reached"


TestRandomSaga = RandomSaga.TestCase
TestRandomSaga.settings = settings(derandomize=True, max_examples=200, stateful_step_count=80, deadline=None)
