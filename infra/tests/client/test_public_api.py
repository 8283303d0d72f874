"""A service's refusal, as it is shown to a person."""

import httpx
from counterstep.http.views.problem import MEDIA_TYPE, FieldError, ProblemDetails
from infra.client.public_api import refusal


def test_a_problem_is_told_in_its_own_words_with_every_field_that_is_wrong() -> None:
    wrong = [
        FieldError(field="body.seconds", detail="too long"),
        FieldError(field="body.reason", detail="missing"),
    ]
    problem = ProblemDetails(title="Unprocessable", status=422, detail="it cannot be taken", errors=wrong)
    answer = httpx.Response(422, text=problem.model_dump_json(), headers={"Content-Type": MEDIA_TYPE})
    assert refusal(answer) == ("it cannot be taken (422)", "body.seconds: too long\nbody.reason: missing")


def test_a_problem_without_fields_is_told_in_its_own_words_alone() -> None:
    problem = ProblemDetails(title="Not Found", status=404, detail="there is no such saga")
    answer = httpx.Response(404, text=problem.model_dump_json(), headers={"Content-Type": MEDIA_TYPE})
    assert refusal(answer) == ("there is no such saga (404)", "")


def test_any_other_answer_is_told_as_it_came() -> None:
    assert refusal(httpx.Response(502, text="bad gateway")) == ("answered 502", "bad gateway")
