"""What an operator may do to a part, and what stopping it does."""

import pytest
from infra.control.effects import effect
from infra.control.overview import acts_on
from infra.launcher import Process


def process(name: str, state: str) -> Process:
    return Process(name=name, group=name, statename=state, pid=7, start=1, now=2, spawnerr="")


@pytest.mark.parametrize(
    ("name", "state", "acts"),
    [
        ("payment", "RUNNING", ["stop", "restart"]),
        ("payment", "STOPPING", []),
        ("payment", "STOPPED", ["start"]),
        ("payment", "FATAL", ["start"]),
        ("payment", "BACKOFF", ["stop"]),
        ("console", "RUNNING", ["restart"]),
        ("console", "BACKOFF", []),
        ("console", "STOPPED", ["start"]),
        ("control", "RUNNING", []),
    ],
)
def test_the_console_never_offers_what_it_could_not_take_back(name: str, state: str, acts: list[str]) -> None:
    assert acts_on(name, process(name, state)) == acts


def test_stopping_one_of_several_processes_is_another_thing_than_stopping_the_last() -> None:
    assert effect("payment", 1) == "The other processes of payment that run (1) take over its work. Nothing waits."
    assert effect("payment", 0).startswith("Commands for payment wait in its queue")
