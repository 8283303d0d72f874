"""Sagas of any shape: stages, groups, retries, steps left out, steps that are decided later."""

from collections.abc import Callable
from typing import Never

from counterstep.protocol.messages import Command, Event, Refusal, Reply
from counterstep.saga.abort import Abort
from counterstep.saga.definition import Saga
from counterstep.saga.proof.scope import Scope
from counterstep.saga.steps import Stage, Step
from hypothesis import strategies as st


class Wanted(Event):
    """What starts every random saga."""


class Done(Reply):
    """Yes."""


class Declined(Refusal):
    """No."""


class Try(Command[Done, Declined]):
    """What may be refused."""


class Must(Command[Done, Never]):
    """What cannot be."""


class Forget(Command[Done, Never]):
    """What takes a step back."""


def must(_: Wanted) -> Must:
    """Ask for what cannot be refused."""
    return Must()


def forget(_: Wanted) -> Forget:
    """Take a step back."""
    return Forget()


def give_up(_: Wanted, __: Abort) -> Must:
    """The saga's own undo."""
    return Must()


def trying(name: str) -> Callable[[Wanted], Try]:
    """A step of this name, which may be refused."""

    def do(_: Wanted) -> Try:
        return Try()

    do.__name__ = name
    return do


@st.composite
def scopes(draw: st.DrawFn) -> Scope:
    """A saga of any shape, within bounds that are too wide to search all of it."""
    sizes = draw(st.lists(st.integers(1, 3), max_size=3))
    groups = [[f"step_{stage}_{nth}" for nth in range(size)] for stage, size in enumerate(sizes)]
    names = [name for group in groups for name in group]
    some = st.lists(st.sampled_from(names), unique=True).map(tuple) if names else st.just(())
    saga = Saga(
        name="random_saga",
        version=1,
        starts_on=Wanted,
        key=lambda _: "any",
        undo=give_up,
        compensatable=tuple(Stage(tuple(draw(_steps(name)) for name in group)) for group in groups),
        pivot=trying("pivot"),
        retriable=(must,) if draw(st.booleans()) else (),
    )
    return Scope(saga, skipped=draw(some), long=draw(some), attempts=6, stalled=3)


def _steps(name: str) -> st.SearchStrategy[Step[Wanted]]:
    return st.builds(Step, st.just(trying(name)), st.just(forget), retry=st.integers(0, 2))
