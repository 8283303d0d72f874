"""Who the caller is. A program that does not know the secret learns here whether a token is valid."""

from fastapi import APIRouter
from pydantic import BaseModel

from counterstep.http.auth import AnyCaller
from counterstep.http.roles import Role

router = APIRouter(tags=["callers"])


class CallerView(BaseModel, from_attributes=True):
    """The caller, as the token says."""

    subject: str
    role: Role


@router.get("/caller")
async def read(caller: AnyCaller) -> CallerView:
    """The caller whom the token names; 401 where it is expired, forged or from another issuer."""
    return CallerView.model_validate(caller)
