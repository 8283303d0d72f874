"""A service's error, as the user is shown it."""

from counterstep.client.errors import error_of
from counterstep.http.views.problem import MEDIA_TYPE, FieldError, ProblemDetails
from infra.client.errors import user_error_of
from infra.machine.user_error import UserError


def shown(status: int, content: str, media_type: str = MEDIA_TYPE) -> UserError:
    return user_error_of(error_of("order", status, media_type, content.encode()))


def test_a_problem_is_shown_with_its_detail_and_every_wrong_field() -> None:
    wrong = [
        FieldError(field="body.seconds", detail="too long"),
        FieldError(field="body.reason", detail="missing"),
    ]
    problem = ProblemDetails(title="Unprocessable", status=422, detail="it cannot be taken", errors=wrong)
    failure = shown(422, problem.model_dump_json())
    assert (failure.part, failure.reason) == ("order", "it cannot be taken (422)")
    assert failure.log == ["body.seconds: too long", "body.reason: missing"]


def test_a_problem_without_fields_is_shown_with_its_detail_only() -> None:
    problem = ProblemDetails(title="Not Found", status=404, detail="there is no such saga")
    failure = shown(404, problem.model_dump_json())
    assert (failure.reason, failure.log) == ("there is no such saga (404)", [])


def test_an_answer_that_is_no_problem_is_shown_as_text() -> None:
    assert shown(502, "bad gateway", "text/plain").reason == "does not answer: it answered 502: bad gateway"
