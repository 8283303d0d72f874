"""Who is signed in: nobody, or the bearer of a token, which is kept in a cookie that no script can read.

The console has no signing secret, so it cannot tell a valid token from a forged one. It reads the claims to show
the bearer's name. The services verify the token with every act.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import parse_qsl

import jwt
from counterstep.http.problems import Problem
from counterstep.http.roles import Role
from fastapi import Depends, Request, Response
from jwt.types import Options

COOKIE: Final = "counterstep_session"
UNVERIFIED: Final[Options] = {"verify_signature": False, "verify_exp": True, "require": ["exp", "sub", "role"]}


@dataclass(frozen=True)
class Person:
    """A person who has signed in."""

    subject: str
    role: Role
    token: str

    @property
    def csrf(self) -> str:
        """The CSRF token of our forms. It is derived from the bearer's token, which another site cannot know."""
        return hmac.new(self.token.encode(), b"form", hashlib.sha256).hexdigest()

    def shops_for(self) -> str | None:
        """The only customer that they may order for; None where they may order for any."""
        return self.subject if self.role is Role.CUSTOMER else None


async def person(request: Request) -> Person | None:
    """The person who is signed in; None without a token, or with one that has expired."""
    try:
        return read(request.cookies.get(COOKIE, ""))
    except ValueError:
        return None


def read(token: str) -> Person:
    """Read a token's claims, unverified. Raises `ValueError` where it has expired or is malformed."""
    try:
        claims = jwt.decode(token, options=UNVERIFIED)
        return Person(claims["sub"], Role(claims["role"]), token)
    except jwt.InvalidTokenError as error:
        raise ValueError(str(error)) from None


Anybody = Annotated[Person | None, Depends(person)]


def keep(response: Response, token: str, *, secure: bool) -> None:
    """Keep the token in a cookie that lasts until the browser is closed."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure)


def forget(response: Response) -> None:
    """Delete the cookie."""
    response.delete_cookie(COOKIE)


@dataclass(frozen=True)
class Submitted:
    """A form that a signed-in person sent from one of our pages."""

    person: Person
    fields: dict[str, str]

    @property
    def reason(self) -> str:
        """The reason that they gave. Raises `Problem` if it is empty."""
        if reason := self.fields.get("reason", "").strip():
            return reason
        raise Problem(422, "give a reason: it is recorded with your action")


async def submitted(request: Request, who: Anybody) -> Submitted:
    """Read a form. Raises `Problem`: 401 where nobody is signed in, 403 where the CSRF token is not theirs."""
    if who is None:
        raise Problem(401, "sign in first: reading needs no token, acting does")
    given = await fields(request)
    if not hmac.compare_digest(given.pop("csrf", ""), who.csrf):
        raise Problem(403, "this form does not belong to your session: open the page again and retry")
    return Submitted(who, given)


Form = Annotated[Submitted, Depends(submitted)]


async def fields(request: Request) -> dict[str, str]:
    """A form's fields, in the encoding that browsers use by default (`application/x-www-form-urlencoded`)."""
    return dict(parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True))
