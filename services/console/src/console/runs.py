"""Finding runs: what a person may ask for, and how the services are asked for it."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from contracts.topology import SHOP
from counterstep import Refusal, RefusalCode
from fastapi import Query
from pydantic import BeforeValidator

from console.apis import Apis
from console.told import Order, Run

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

    def query(self, now: datetime) -> dict[str, Any]:
        """The orchestrator's filters, less the customer, whom it does not know."""
        asked = {"status": self.status, "key": self.order, "code": self.code, "limit": MOST}
        if self.age in AGES:
            since = (now - AGES[self.age][1]).isoformat()
            asked["started_before" if self.age.startswith("-") else "started_after"] = since
        return asked

    def address(self, path: str = "/sagas", **more: str) -> str:
        """The same, as an address of ours."""
        given = {name: value for name, value in {**asdict(self), **more}.items() if value}
        return f"{path}?{urlencode(given)}" if given else path


@dataclass(frozen=True)
class Found:
    """Some of the runs, and where the next of them are to be found."""

    runs: tuple[Run, ...]
    older: str | None


async def find(apis: Apis, wanted: Wanted, cursor: str = "") -> Found:
    """The runs that are wanted, newest first. Raises Away, and Refusal."""
    query = wanted.query(datetime.now(UTC))
    if not wanted.customer:
        page = await apis.get("orchestrator", "/sagas", {**query, "cursor": cursor})
        return _found(wanted, page["items"], page["next_cursor"])
    # Only the order service knows whose an order is: it gives the page, and the orchestrator the runs of it.
    orders = await apis.get("order", "/orders", {"customer_id": wanted.customer, "limit": MOST, "cursor": cursor})
    ids = [str(Order.model_validate(each).saga_id) for each in orders["items"]]
    page = await apis.get("orchestrator", "/sagas", {**query, "id": ids}) if ids else {"items": []}
    return _found(wanted, page["items"], orders["next_cursor"])


def _found(wanted: Wanted, items: list[Any], cursor: str | None) -> Found:
    older = wanted.address(cursor=cursor) if cursor else None
    return Found(tuple(Run.model_validate(each) for each in items), older)
