"""Checks every state that is reached against the rules.

The same change of the instance with the same rows of the participants is checked once only.
"""

from collections.abc import Sequence

from counterstep.saga.instance import Instance
from counterstep.saga.proof.model import Model
from counterstep.saga.proof.rules import Rule, State
from counterstep.saga.proof.world import INSTANCE, World


class Judge:
    """Checks transitions, and remembers those that break no rule."""

    def __init__(self, model: Model, rules: Sequence[Rule]) -> None:
        self._model = model
        self._rules = rules
        self._lawful: set[tuple[int, tuple[int, ...]]] = set()

    def broken(self, before: World, after: World) -> str | None:
        """The rule that this transition breaks, as the sentence that should have held."""
        case = before.records[INSTANCE], after.records
        if case not in self._lawful:
            state = self._state(before, after)
            if rule := next((rule for rule in self._rules if not rule(state)), None):
                return (rule.__doc__ or rule.__name__).partition("\n")[0]
            self._lawful.add(case)
        return None

    def _state(self, before: World, after: World) -> State:
        instances, rows = self._model.instances, self._model.rows
        held = zip(self._model.steps, after.records[INSTANCE + 1 :], strict=True)
        instance = instances[after.records[INSTANCE]] or Instance()
        return State(
            self._model.saga,
            instances[before.records[INSTANCE]],
            instance,
            {step: rows[row] for step, row in held if step in self._model.honest},
        )
