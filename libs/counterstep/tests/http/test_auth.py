"""A token speaks for its subject in its role, and for nobody else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from counterstep.http.roles import Caller, Role
from counterstep.http.tokens import mint, read
from counterstep.service.testing import ISSUER

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - it guards nothing
MINUTE = timedelta(minutes=1)


def claims(**changes: Any) -> dict[str, Any]:
    good = {"iss": ISSUER, "aud": ISSUER, "sub": "ada", "role": "customer", "exp": datetime.now(UTC) + MINUTE}
    return {name: value for name, value in (good | changes).items() if value is not None}


def test_a_minted_token_speaks_for_its_subject() -> None:
    token = mint(SECRET, issuer=ISSUER, subject="ada", role=Role.CUSTOMER, ttl=MINUTE)
    assert read(token, SECRET, issuer=ISSUER) == Caller("ada", Role.CUSTOMER)


def test_an_expired_token_speaks_for_nobody() -> None:
    with pytest.raises(ValueError, match="expired"):
        read(mint(SECRET, issuer=ISSUER, subject="ada", role=Role.CUSTOMER, ttl=-MINUTE), SECRET, issuer=ISSUER)


def test_a_token_that_was_good_a_moment_ago_speaks_for_nobody_once_it_has_expired(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = mint(SECRET, issuer=ISSUER, subject="ada", role=Role.CUSTOMER, ttl=MINUTE)
    assert read(token, SECRET, issuer=ISSUER)
    monkeypatch.setattr("counterstep.http.tokens.time", (datetime.now(UTC) + MINUTE).timestamp)
    with pytest.raises(ValueError, match="expired"):
        read(token, SECRET, issuer=ISSUER)


def test_a_token_of_another_secret_speaks_for_nobody() -> None:
    with pytest.raises(ValueError, match="not valid"):
        read(
            mint(SECRET[::-1], issuer=ISSUER, subject="ada", role=Role.OPERATOR, ttl=MINUTE), SECRET, issuer=ISSUER
        )


@pytest.mark.parametrize("algorithm", ["none", "HS512"])
def test_a_token_of_another_algorithm_speaks_for_nobody(algorithm: str) -> None:
    with pytest.raises(ValueError, match="not valid"):
        read(jwt.encode(claims(), SECRET * 2 if algorithm != "none" else "", algorithm), SECRET, issuer=ISSUER)


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"sub": None},
        {"role": None},
        {"iss": "elsewhere"},
        {"aud": "elsewhere"},
        {"role": "root"},
        {"sub": 1},
        {"sub": "ada\x00"},
        {"sub": "ada\u202eada"},
        {"sub": "ada\ud800"},
        {"sub": ""},
        {"exp": "4102444800"},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"exp": [1]},
        {"exp": True},
        {"iat": float("inf")},
        {"nbf": {}},
        {"role": ["customer"]},
    ],
)
def test_a_token_without_a_right_claim_speaks_for_nobody(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(jwt.encode(claims(**changes), SECRET, "HS256"), SECRET, issuer=ISSUER)


@pytest.mark.parametrize("subject", ["ada\x00", "ada\u202e", "", "ada\nbob"])
def test_no_token_is_minted_for_a_subject_that_nobody_can_read(subject: str) -> None:
    with pytest.raises(ValueError, match="printable"):
        mint(SECRET, issuer=ISSUER, subject=subject, role=Role.CUSTOMER, ttl=MINUTE)


def test_a_customer_acts_for_themselves_and_an_operator_for_anyone() -> None:
    assert Caller("ada", Role.CUSTOMER).may_act_for("ada")
    assert not Caller("bob", Role.CUSTOMER).may_act_for("ada")
    assert Caller("root", Role.OPERATOR).may_act_for("ada")


def test_a_viewer_sees_everything_and_acts_for_nobody() -> None:
    viewer = Caller("console", Role.VIEWER)
    assert viewer.may_see("ada")
    assert not viewer.may_act_for("ada")
    assert not viewer.may_act_for("console")


def test_a_customer_sees_what_is_their_own() -> None:
    assert Caller("ada", Role.CUSTOMER).may_see("ada")
    assert not Caller("bob", Role.CUSTOMER).may_see("ada")
