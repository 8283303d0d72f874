"""The messages of a service that could not be handled and wait for their next try, for an operator to see."""

from typing import Annotated

from fastapi import APIRouter, Query

from counterstep.http.auth import Viewer
from counterstep.http.platform_database import OpenPlatformTransaction
from counterstep.http.views.boxes import RetriesView, RetryView
from counterstep.messaging.consumer import retries

router = APIRouter(prefix="/retries", tags=["retries"])


@router.get("")
async def read(_: Viewer, tx: OpenPlatformTransaction) -> RetriesView:
    """How many messages wait for their next try: none, if all is well."""
    return RetriesView(waiting=await retries.waiting(tx.query))


@router.get("/messages")
async def messages(
    _: Viewer, tx: OpenPlatformTransaction, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[RetryView]:
    """The messages that are tried again soonest. One that is being handled is tried again if its process dies."""
    return [RetryView.model_validate(each) for each in await retries.soonest(tx.query, limit=limit)]
