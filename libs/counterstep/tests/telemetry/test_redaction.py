"""What no log may keep, and what it must."""

from typing import Any

import pytest
from counterstep.telemetry.redaction import REDACTED, redact
from hypothesis import given
from hypothesis import strategies as st

POSTGRES = "cannot open postgresql://{}@127.0.0.1/order"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl"  # noqa: S105 - nobody takes it


def logged(**event: Any) -> Any:
    return redact(None, "info", event)


@pytest.mark.parametrize(
    "name",
    ["password", "db_password", "jwt_secret", "Authorization", "access_token", "apiKey", "cookie", "card", "cvc"],
)
def test_a_secret_goes_by_its_name(name: str) -> None:
    assert logged(**{name: "swordfish"}) == {name: REDACTED}


@pytest.mark.parametrize("name", ["message_id", "step", "discard", "company", "task", "authorization_id"])
def test_what_only_sounds_like_a_secret_stays(name: str) -> None:
    assert logged(**{name: "7"}) == {name: "7"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (POSTGRES.format("order:swordfish"), POSTGRES.format(REDACTED)),
        (f"sent Bearer {TOKEN}", "sent Bearer [redacted]"),
        (f"the token {TOKEN} has expired", "the token [redacted] has expired"),
        ("paid with 4111 1111 1111 1111 today", "paid with [redacted] today"),
        ("paid with 5500-0000-0000-0004", "paid with [redacted]"),
        ("paid with 378282246310005", "paid with [redacted]"),
    ],
)
def test_a_secret_goes_by_its_looks(text: str, left: str) -> None:
    assert logged(event=text) == {"event": left}


@pytest.mark.parametrize(
    "text",
    [
        "order 4111111111111112 is no card: its check digit is wrong",
        "at 1764025200123456789",
        "01980000-0000-7000-8000-000000000000",
        "0af7651916cd43dd8448eb211c80319c",
        "http://127.0.0.1:16686/trace/1",
        "4.111111111111111 seconds",
    ],
)
def test_what_only_looks_like_a_card_stays(text: str) -> None:
    assert logged(event=text) == {"event": text}


def test_secrets_are_found_inside_of_what_is_logged() -> None:
    assert logged(body={"lines": [{"card": "x"}, "4111111111111111"], "n": 1}) == {
        "body": {"lines": [{"card": REDACTED}, REDACTED], "n": 1}
    }


def test_a_secret_inside_a_traceback_is_found() -> None:
    assert TOKEN not in logged(exception=f"Traceback …\n  ValueError: {TOKEN}")["exception"]


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text()))))
def test_nothing_that_is_logged_can_break_the_log(event: dict[str, Any]) -> None:
    assert logged(**event).keys() == event.keys()
