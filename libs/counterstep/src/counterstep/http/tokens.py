"""Whom a token speaks for: HS256 tokens with a subject and a role."""

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
    """Whom a token speaks for. ValueError where it is expired, forged or not one of ours."""
    caller, expires = _verified(token, secret, issuer)
    if expires <= time():
        raise ValueError("the token is not valid: Signature has expired")
    return caller


@lru_cache(maxsize=1024)
def _verified(token: str, secret: str, issuer: str) -> tuple[Caller, float]:
    """Remembered, because a token is sent many times before it expires; that it has not is looked at each time."""
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
