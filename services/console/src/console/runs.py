"""Finding runs: what a person may ask for, and how the services are asked for it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from contracts.topology import SHOP
from counterstep import Refusal, RefusalCode
from counterstep.client import Page, Request, sagas
from counterstep.http.views.sagas import SagaSummary
from fastapi import Query
from pydantic import BeforeValidator
from shop_client import orders

from console.apis import Apis

MOST: Final = 25
STATUSES: Final = ("running", "compensating", "needs_attention", "completed", "compensated")
AGES: Final = {
    "5m": ("in the last 5 minutes", timedelta(minutes=5)),
    "1h": ("in the last hour", timedelta(hours=1)),
    "1d": ("in the last day", timedelta(days=1)),
    "-1m": ("more than a minute ago", timedelta(minutes=1)),
    "-1h": ("more than an hour ago", timedelta(hours=1)),
    "-1d": ("more than a day ago", timedelta(days=1)),
}
"""What may be asked of a run's age; with a minus, it began before then."""

CODES: Final = tuple(
    sorted(
        code
        for message in SHOP.contracts.catalogue.values()
        if issubclass(message, Refusal)
        for code in RefusalCode.declared_by(message)
    )
)
"""The codes that the contracts declare; a service that is newer than this console may send others."""

Typed = Annotated[str, BeforeValidator(str.strip), Query(max_length=200)]


@dataclass(frozen=True)
class Wanted:
    """What a person looks for; an empty field asks for nothing."""

    status: Typed = ""
    age: Typed = ""
    customer: Typed = ""
    order: Typed = ""
    code: Typed = ""
    """The code of the refusal by which a run was aborted."""

    def request(self, now: datetime, *, cursor: str = "", ids: Sequence[UUID] = ()) -> Request[Page[SagaSummary]]:
        """The request for these sagas. The customer is left out, as the orchestrator does not know customers."""
        since = now - AGES[self.age][1] if self.age in AGES else None
        older = self.age.startswith("-")
        return sagas.browse(
            status=self.status,
            key=self.order,
            code=self.code,
            ids=ids,
            started_before=since if older else None,
            started_after=None if older else since,
            limit=MOST,
            cursor=cursor,
        )

    def address(self, path: str = "/sagas", **more: str) -> str:
        """The same, as an address of ours."""
        given = {name: value for name, value in {**asdict(self), **more}.items() if value}
        return f"{path}?{urlencode(given)}" if given else path


@dataclass(frozen=True)
class Found:
    """Some of the runs, and where the next of them are to be found."""

    runs: list[SagaSummary]
    older: str | None


async def find(apis: Apis, wanted: Wanted, cursor: str = "") -> Found:
    """The sagas that are wanted, newest first. Raises `ApiError`."""
    now = datetime.now(UTC)
    if not wanted.customer:
        page = await apis.read("orchestrator", wanted.request(now, cursor=cursor))
        return _found(wanted, page.items, page.next_cursor)
    # Only the order service knows whose an order is: it gives the page, and the orchestrator its sagas.
    placed = await apis.read("order", orders.browse(customer_id=wanted.customer, limit=MOST, cursor=cursor))
    ids = [each.saga_id for each in placed.items]
    found = (await apis.read("orchestrator", wanted.request(now, ids=ids))).items if ids else []
    return _found(wanted, found, placed.next_cursor)


def _found(wanted: Wanted, found: list[SagaSummary], cursor: str | None) -> Found:
    return Found(found, wanted.address(cursor=cursor) if cursor else None)
