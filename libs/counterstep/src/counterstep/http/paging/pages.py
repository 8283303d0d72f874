"""Pages of rows that have uuid7 keys, newest first. An opaque cursor says where the next page starts."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy import ColumnElement, inspect
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession

Row = TypeVar("Row", bound=SQLModel)
View = TypeVar("View")


class Page(BaseModel, Generic[View]):
    """Some of the rows, as `items`. `next_cursor` is null on the last page.

    Sent back as the query parameter `cursor`, it brings the next page. Make one as `Paging` shows.

    Units: none; `next_cursor` is opaque.

    Raises: pydantic's `ValidationError` for items that are not of the page's type.

    ```python
    page = Page[str](items=["Lisbon", "Porto"], next_cursor=None)
    assert page.model_dump() == {"items": ["Lisbon", "Porto"], "next_cursor": None}
    ```
    """

    items: list[View]
    next_cursor: str | None


CURSOR = "^[A-Za-z0-9_-]{22}$"


def encode(key: UUID) -> str:
    return urlsafe_b64encode(key.bytes).rstrip(b"=").decode()


def decode(cursor: str) -> UUID:
    """The key in a cursor. Raises `ValueError` for a text that `encode` did not make."""
    try:
        return UUID(bytes=urlsafe_b64decode(f"{cursor}=="))
    except ValueError:
        raise ValueError("take a page's `next_cursor` as it is, or leave the cursor out") from None


def _known(cursor: str) -> str:
    decode(cursor)
    return cursor


@dataclass(frozen=True)
class Paging:
    """A route's parameter: how many rows the request wants, 1 to 100, and after which cursor.

    Units: `limit` counts rows.

    Raises: an answer of 422 for a limit out of this range, and for a cursor that no page has given.

    ```python
    @router.get("/trips")
    async def list_trips(_: Viewer, tx: OpenTransaction, paging: Annotated[Paging, Depends()]) -> Page[TripView]:
        rows, next_cursor = await paging.rows(tx.session, Trip)
        return Page(items=[TripView.model_validate(row) for row in rows], next_cursor=next_cursor)
    ```
    """

    limit: Annotated[int, Query(ge=1, le=100)] = 20
    cursor: Annotated[str, AfterValidator(_known), Field(json_schema_extra={"pattern": CURSOR})] | None = None

    async def rows(
        self, session: AsyncSession, model: type[Row], *conditions: ColumnElement[bool]
    ) -> tuple[list[Row], str | None]:
        """The rows of the page that meet every condition, and the next page's cursor, `None` on the last page.

        The model must have one primary key, a uuid7: it is what the rows are sorted by.
        """
        (key,) = inspect(model).primary_key
        query = select(model).where(*conditions).order_by(key.desc())
        if self.cursor is not None:
            query = query.where(key < decode(self.cursor))
        # One row more than the page holds tells whether there is a next page.
        found = (await session.exec(query.limit(self.limit + 1))).all()
        page = list(found[: self.limit])
        return page, encode(getattr(page[-1], key.name)) if len(found) > self.limit else None
