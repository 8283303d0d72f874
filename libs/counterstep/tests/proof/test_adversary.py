"""What a service can say that sends anything, and to whom the promises hold then."""

import pytest
from counterstep.saga.attempt import Attempt
from counterstep.saga.proof.adversary import is_honest, words
from counterstep.saga.proof.messages import Answer
from counterstep.saga.proof.model import Model
from counterstep.saga.proof.safeguards import Safeguards
from proof import wrong
from proof.scopes import ONE_BY_ONE


@pytest.mark.parametrize("service", ["flight", "bank"])
def test_it_can_answer_its_own_commands_and_no_other(service: str) -> None:
    scope = ONE_BY_ONE._replace(adversary=service)
    said = {each.attempt.step for each in words(Safeguards(), scope)}
    assert said == {step for step in Model(scope).steps if not is_honest(scope, step)}
    assert said == {{"flight": "book_flight", "bank": "take_money"}[service]}


def test_it_can_answer_every_attempt_either_way() -> None:
    said = set(words(Safeguards(), ONE_BY_ONE._replace(adversary="bank")))
    assert {(each.attempt.number, type(each.reply).__name__) for each in said if isinstance(each, Answer)} == {
        (1, "Reply"),
        (2, "Reply"),
        (1, "Refusal"),
        (2, "Refusal"),
    }


def test_without_the_check_it_answers_every_command_of_the_saga() -> None:
    scope = ONE_BY_ONE._replace(adversary="bank", attempts=1)
    said = {each.attempt for each in words(Safeguards(objection=wrong.anybody_answers), scope)}
    assert {Attempt("book_hotel", "forward"), Attempt("book_hotel", "compensation")} <= said


def test_where_nobody_lies_nothing_is_said_and_everybody_is_honest() -> None:
    assert not set(words(Safeguards(), ONE_BY_ONE))
    model = Model(ONE_BY_ONE)
    assert model.honest == set(model.steps)
