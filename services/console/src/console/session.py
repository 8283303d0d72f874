"""Who is signed in: nobody, or the bearer of a token, which is kept in a cookie that no script can read.

The console has no signing secret, so it cannot tell a valid token from a forged one. It reads the claims to show
the bearer's name. The services verify the token with every act.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import parse_qsl

from counterstep.http.problems import Problem
from counterstep.http.roles import Role
from counterstep.http.tokens import read_unverified
from fastapi import Depends, Request, Response

COOKIE: Final = "counterstep_session"


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

    @property
    def operates(self) -> bool:
        """Whether they may decide reviews, act on sagas and dead letters, and inject faults."""
        return self.role is Role.OPERATOR

    @property
    def cancels(self) -> bool:
        """Whether they may cancel an order: an operator any, a customer their own."""
        return self.role in (Role.OPERATOR, Role.CUSTOMER)

    def shops_for(self) -> str | None:
        """The only customer that they may order for; None where they may order for any."""
        return self.subject if self.role is Role.CUSTOMER else None


async def person(request: Request) -> Person | None:
    """The person who is signed in; None without a token, or with one that has expired."""
    try:
        return read(request.cookies.get(cookie(request), ""))
    except ValueError:
        return None


def read(token: str) -> Person:
    """Read a token's claims, unverified. Raises `ValueError` where it has expired or is malformed."""
    claims = read_unverified(token)
    return Person(claims.sub, claims.role, token)


def cookie(request: Request) -> str:
    """The name of the cookie, with the port: browsers send a cookie to all ports of a host."""
    port = request.url.port
    return f"{COOKIE}_{port}" if port else COOKIE


Anybody = Annotated[Person | None, Depends(person)]


def keep(request: Request, response: Response, token: str) -> None:
    """Keep the token in a cookie that lasts until the browser is closed."""
    secure = request.url.scheme == "https"
    response.set_cookie(cookie(request), token, httponly=True, samesite="strict", secure=secure)


def forget(request: Request, response: Response) -> None:
    """Delete the cookie."""
    response.delete_cookie(cookie(request))


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
    if not hmac.compare_digest(given.pop("csrf", "").encode(), who.csrf.encode()):
        raise Problem(403, "this form does not belong to your session: open the page again and retry")
    return Submitted(who, given)


Form = Annotated[Submitted, Depends(submitted)]


async def fields(request: Request) -> dict[str, str]:
    """A form's fields, in the encoding that browsers use by default (`application/x-www-form-urlencoded`)."""
    return dict(parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True))
