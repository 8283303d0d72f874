"""Who calls a route: the bearer of a token, as a parameter of the route."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from counterstep.http.problems import Problem
from counterstep.http.roles import LOOKING, Caller, Role
from counterstep.http.tokens import read

bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="A token from `saga token`.")


async def caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
) -> Caller:
    """The caller of a request, or a 401 problem."""
    if credentials is None:
        raise _unauthorized("send `Authorization: Bearer <token>`; `saga token` mints one", "Bearer")
    try:
        return read(credentials.credentials, request.app.state.jwt_secret, issuer=request.app.state.token_issuer)
    except ValueError as error:
        raise _unauthorized(str(error), 'Bearer error="invalid_token"') from None


AnyCaller = Annotated[Caller, Depends(caller)]
"""A route's parameter: the caller of a request with a valid token. It has the token's `subject` and `role`.

Units: none.

Raises: `Problem` 401 for a request without a valid token.

```python
@router.get("/trips/{trip_id}/weather")
async def read_weather(trip_id: UUID, caller: AnyCaller) -> str:
    return f"sunny for {caller.subject}"
```
"""


def require(*roles: Role) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency that lets only these roles pass; any other is a 403 problem."""
    needed = " or ".join(roles)

    async def check(caller: AnyCaller) -> Caller:
        if caller.role not in roles:
            raise Problem(403, f"this needs the role {needed}; the token's role is {caller.role}")
        return caller

    return check


Operator = Annotated[Caller, Depends(require(Role.OPERATOR))]
"""A route's parameter: a caller with the role operator, who may change everything.

Units: none.

Raises: `Problem` 401 for a request without a valid token, and 403 for a caller with another role.

```python
@router.delete("/offers/{offer}", status_code=204)
async def remove_offer(offer: str, operator: Operator) -> None:
    print(f"{operator.subject} removes {offer}")
```
"""
Viewer = Annotated[Caller, Depends(require(*sorted(LOOKING)))]
"""A route's parameter: a caller who may read what an operator may, and perhaps change nothing.

Units: none.

Raises: `Problem` 401 for a request without a valid token, and 403 for a caller with another role.

```python
@router.get("/statistics")
async def read_statistics(_: Viewer, tx: OpenTransaction) -> dict[str, int]:
    return {"trips": len((await tx.session.exec(select(Trip))).all())}
```
"""


def _unauthorized(detail: str, challenge: str) -> Problem:
    return Problem(401, detail, headers={"WWW-Authenticate": challenge})
