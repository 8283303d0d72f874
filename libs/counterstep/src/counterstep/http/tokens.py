"""Tokens of callers: JSON Web Tokens, signed with HS256, with a subject and a role."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from time import time
from typing import Annotated, Any, Final

import jwt
from jwt.types import Options
from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationError

from counterstep.http.roles import Caller, Role
from counterstep.http.text import is_printable

ALGORITHM = "HS256"
REQUIRED: Final = ["exp", "sub", "role"]
UNVERIFIED: Final[Options] = {"verify_signature": False, "require": REQUIRED}


def _printable(subject: str) -> str:
    if not is_printable(subject):
        raise ValueError("a subject is written on one line, in printable characters")
    return subject


Subject = Annotated[str, StringConstraints(strict=True, max_length=500), AfterValidator(_printable)]


class Claims(BaseModel, frozen=True):
    """What we read of a token. PyJWT does not look at the types of claims, so this does."""

    sub: Subject
    role: Role
    exp: Annotated[float, Field(strict=True, allow_inf_nan=False)]

    @property
    def caller(self) -> Caller:
        return Caller(self.sub, self.role)

    def check_expiry(self) -> None:
        """Raises `ValueError` where the token has expired."""
        if self.exp <= time():
            raise ValueError("the token is not valid: Signature has expired")


def mint(secret: str, *, issuer: str, subject: str, role: Role, ttl: timedelta) -> str:
    """A token for `subject` that expires after `ttl`. Raises `ValueError` for a subject that is not printable."""
    _printable(subject)
    now = datetime.now(UTC)
    claims = {"iss": issuer, "aud": issuer, "sub": subject, "role": role, "iat": now, "exp": now + ttl}
    return jwt.encode(claims, secret, ALGORITHM)


def read(token: str, secret: str, *, issuer: str) -> Caller:
    """The caller whom a token names. Raises `ValueError` where it is expired, forged or from another issuer."""
    claims = _verified(token, secret, issuer)
    claims.check_expiry()
    return claims.caller


def read_unverified(token: str) -> Claims:
    """The claims of a token, unverified. Raises `ValueError` where it has expired or is malformed."""
    claims = _claims(partial(jwt.decode, token, options=UNVERIFIED))
    claims.check_expiry()
    return claims


@lru_cache(maxsize=1024)
def _verified(token: str, secret: str, issuer: str) -> Claims:
    """A token is sent many times before it expires, so its signature is checked once. `read` checks its expiry."""
    return _claims(
        partial(
            jwt.decode,
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=issuer,
            issuer=issuer,
            options={"require": REQUIRED},
        )
    )


def _claims(decode: Callable[[], Any]) -> Claims:
    try:
        return Claims.model_validate(decode())
    except ValidationError as error:
        wrong = "; ".join(f"{each['loc'][0]}: {each['msg']}" for each in error.errors(include_input=False))
        raise ValueError(f"the token is not valid: {wrong}") from None
    except (jwt.InvalidTokenError, ArithmeticError, TypeError, ValueError) as error:
        # PyJWT lets the others pass where a claim has another type than it expects.
        raise ValueError(f"the token is not valid: {error}") from None
