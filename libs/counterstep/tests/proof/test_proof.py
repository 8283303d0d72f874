"""Every reachable state of a saga of single steps and of one with a parallel group, over the production core."""

import pytest
from counterstep.saga.proof.model import Model
from counterstep.saga.proof.report import figures, trace
from counterstep.saga.proof.scoped import Proof, prove_scope
from proof.scopes import EACH_TIME


@pytest.fixture(scope="module")
def proofs() -> list[Proof]:
    """One proof for each scope; its figures are printed."""
    proofs = [prove_scope(Model(scope)) for scope in EACH_TIME]
    for scope, proof in zip(EACH_TIME, proofs, strict=True):
        print(figures(scope, proof))  # noqa: T201 - shown by `pytest -rP`
    return proofs


def test_every_rule_holds_in_every_state_and_an_end_can_be_reached_from_each(proofs: list[Proof]) -> None:
    violations = [proof.violation for proof in proofs if proof.violation]
    assert not violations, "\n".join(line for violation in violations for line in trace(violation))


def test_the_search_is_wide(proofs: list[Proof]) -> None:
    assert sum(proof.states for proof in proofs) >= 100_000
