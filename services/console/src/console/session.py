"""Who is looking: nobody, or whoever signed in with a token, which stays in a cookie that no script can read.

The console holds no secret, so it cannot tell a good token from a forged one: it reads what a token says to greet
its bearer, and the services decide what is done with it.
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
    """Somebody who signed in."""

    subject: str
    role: Role
    token: str

    @property
    def csrf(self) -> str:
        """What a form of ours carries and a page of elsewhere cannot know: it is made from their token."""
        return hmac.new(self.token.encode(), b"form", hashlib.sha256).hexdigest()

    def shops_for(self) -> str | None:
        """The only customer that they may order for; None where they may for anybody."""
        return self.subject if self.role is Role.CUSTOMER else None


async def person(request: Request) -> Person | None:
    """Whoever signed in, until their token expires."""
    try:
        return read(request.cookies.get(COOKIE, ""))
    except ValueError:
        return None


def read(token: str) -> Person:
    """Whom a token says that it speaks for. ValueError where it is expired, or no token of ours."""
    try:
        claims = jwt.decode(token, options=UNVERIFIED)
        return Person(claims["sub"], Role(claims["role"]), token)
    except jwt.InvalidTokenError as error:
        raise ValueError(str(error)) from None


Anybody = Annotated[Person | None, Depends(person)]


def keep(response: Response, token: str, *, secure: bool) -> None:
    """Have the browser bring the token along, until it is closed."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure)


def forget(response: Response) -> None:
    response.delete_cookie(COOKIE)


@dataclass(frozen=True)
class Submitted:
    """A form that somebody sent from a page of ours."""

    person: Person
    fields: dict[str, str]

    @property
    def reason(self) -> str:
        """Why they do it. Problem where they do not say."""
        if reason := self.fields.get("reason", "").strip():
            return reason
        raise Problem(422, "say why: the reason is kept with the act")


async def submitted(request: Request, who: Anybody) -> Submitted:
    """A form's fields; 401 where nobody is signed in, 403 where it is not one of our forms."""
    if who is None:
        raise Problem(401, "sign in first: looking needs no token, acting does")
    given = await fields(request)
    if not hmac.compare_digest(given.pop("csrf", ""), who.csrf):
        raise Problem(403, "this form is not of a page of yours: open the page anew, and try again")
    return Submitted(who, given)


Form = Annotated[Submitted, Depends(submitted)]


async def fields(request: Request) -> dict[str, str]:
    """What a form's fields hold, in the encoding that browsers send by default."""
    return dict(parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True))
