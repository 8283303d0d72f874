"""Tokens of callers: JSON Web Tokens, signed with HS256, with a subject and a role."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from time import time

import jwt

from counterstep.http.roles import Caller, Role

ALGORITHM = "HS256"


def mint(secret: str, *, issuer: str, subject: str, role: Role, ttl: timedelta) -> str:
    """A token for `subject` that expires after `ttl`."""
    now = datetime.now(UTC)
    claims = {"iss": issuer, "aud": issuer, "sub": subject, "role": role, "iat": now, "exp": now + ttl}
    return jwt.encode(claims, secret, ALGORITHM)


def read(token: str, secret: str, *, issuer: str) -> Caller:
    """The caller whom a token names. Raises `ValueError` where it is expired, forged or from another issuer."""
    caller, expires = _verified(token, secret, issuer)
    if expires <= time():
        raise ValueError("the token is not valid: Signature has expired")
    return caller


@lru_cache(maxsize=1024)
def _verified(token: str, secret: str, issuer: str) -> tuple[Caller, float]:
    """A token is sent many times before it expires, so its signature is checked once. `read` checks its expiry."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=issuer,
            issuer=issuer,
            options={"require": ["exp", "sub", "role"]},
        )
        return Caller(claims["sub"], Role(claims["role"])), claims["exp"]
    except jwt.InvalidTokenError as error:
        raise ValueError(f"the token is not valid: {error}") from None
