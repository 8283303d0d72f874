"""Whom a token speaks for: how a program that holds no secret learns whether a token is good."""

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
    """Who is asking; 401 where the token is expired, forged or not one of ours."""
    return CallerView.model_validate(caller)
