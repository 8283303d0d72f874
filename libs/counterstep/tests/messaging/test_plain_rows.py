"""Which rows are read by their key with the platform's own statement, and which are left to SQLAlchemy."""

from typing import Any
from uuid import UUID

import pytest
from counterstep.messaging.database.plain_rows import plain_mapping
from sqlalchemy import Column, LargeBinary, String, event, func
from sqlalchemy.orm import DeclarativeBase, Mapped, column_property, deferred, mapped_column
from sqlmodel import Field, Relationship, SQLModel


class Shelf(SQLModel, table=True):
    shelf_id: UUID = Field(primary_key=True)
    name: str


class Tray(SQLModel, table=True):
    tray: str = Field(primary_key=True)
    shelf_id: UUID = Field(foreign_key="shelf.shelf_id")
    shelf: Shelf = Relationship()


class Portrait(SQLModel, table=True):
    name: str = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary))


class LeftRight(SQLModel, table=True):
    left: str = Field(primary_key=True)
    right: str = Field(primary_key=True)


class Watched(SQLModel, table=True):
    name: str = Field(primary_key=True)


class Base(DeclarativeBase):
    pass


class Late(Base):
    __tablename__ = "late"
    name: Mapped[str] = mapped_column(primary_key=True)
    text = deferred(Column(String))


class Computed(Base):
    __tablename__ = "computed"
    name: Mapped[str] = mapped_column(primary_key=True)
    length = column_property(func.length(Column("name", String)))


class Animal(Base):
    __tablename__ = "animal"
    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012 - as SQLAlchemy declares it


def test_a_row_of_columns_is_read_by_its_key() -> None:
    mapping = plain_mapping(Shelf, UUID)
    assert mapping is not None
    assert mapping.read == "SELECT shelf_id, name FROM shelf WHERE shelf_id = $1::UUID"


@pytest.mark.parametrize("row_class", [Tray, Portrait, LeftRight, Late, Computed, Animal, "no class"])
def test_what_has_more_than_columns_is_left_to_sqlalchemy(row_class: Any) -> None:
    assert plain_mapping(row_class, str) is None


def test_a_key_of_another_type_is_left_to_sqlalchemy() -> None:
    assert plain_mapping(Shelf, str) is None


def test_a_row_whose_loading_is_watched_is_left_to_sqlalchemy() -> None:
    event.listen(Watched, "load", lambda *_: None)
    assert plain_mapping(Watched, str) is None
