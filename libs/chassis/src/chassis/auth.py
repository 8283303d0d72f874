"""Who is calling: HS256 tokens with a subject and a role."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from time import time
from typing import Annotated

import jwt
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from chassis.problems import Problem

ALGORITHM = "HS256"
AUDIENCE = ISSUER = "counterstep"


class Role(StrEnum):
    CUSTOMER = "customer"
    OPERATOR = "operator"
    VIEWER = "viewer"
    """Reads whatever an operator may read, and changes nothing."""


LOOKING = frozenset({Role.OPERATOR, Role.VIEWER})
"""The roles that read what is everybody's."""


@dataclass(frozen=True)
class Caller:
    """Whoever the token speaks for; a customer's subject is their customer_id."""

    subject: str
    role: Role

    def may_act_for(self, customer_id: str) -> bool:
        return self.role is Role.OPERATOR or (self.role is Role.CUSTOMER and self.subject == customer_id)

    def may_see(self, customer_id: str) -> bool:
        return self.sees_all or self.may_act_for(customer_id)

    @property
    def sees_all(self) -> bool:
        return self.role in LOOKING


def mint(secret: str, *, subject: str, role: Role, ttl: timedelta) -> str:
    """A token for `subject` that expires after `ttl`."""
    now = datetime.now(UTC)
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "role": role, "iat": now, "exp": now + ttl}
    return jwt.encode(claims, secret, ALGORITHM)


def read(token: str, secret: str) -> Caller:
    """Whom a token speaks for. ValueError where it is expired, forged or not one of ours."""
    caller, expires = _verified(token, secret)
    if expires <= time():
        raise ValueError("the token is not valid: Signature has expired")
    return caller


@lru_cache(maxsize=1024)
def _verified(token: str, secret: str) -> tuple[Caller, float]:
    """Remembered, because a token is sent many times before it expires; that it has not is looked at each time."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": ["exp", "sub", "role"]},
        )
        return Caller(claims["sub"], Role(claims["role"])), claims["exp"]
    except jwt.InvalidTokenError as error:
        raise ValueError(f"the token is not valid: {error}") from None


bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="A token from `saga token`.")


async def caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Caller:
    """The caller of a request, or a 401 problem."""
    if credentials is None:
        raise _unauthorized("send `Authorization: Bearer <token>`; `saga token` mints one", "Bearer")
    try:
        return read(credentials.credentials, request.app.state.jwt_secret)
    except ValueError as error:
        raise _unauthorized(str(error), 'Bearer error="invalid_token"') from None


AnyCaller = Annotated[Caller, Depends(caller)]


def require(*roles: Role) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency that lets only these roles pass; any other is a 403 problem."""
    needed = " or ".join(roles)

    async def check(caller: AnyCaller) -> Caller:
        if caller.role not in roles:
            raise Problem(403, f"this needs the role {needed}; the token's role is {caller.role}")
        return caller

    return check


Operator = Annotated[Caller, Depends(require(Role.OPERATOR))]
Viewer = Annotated[Caller, Depends(require(*sorted(LOOKING)))]
"""Whoever may read what an operator may."""


def _unauthorized(detail: str, challenge: str) -> Problem:
    return Problem(401, detail, headers={"WWW-Authenticate": challenge})
