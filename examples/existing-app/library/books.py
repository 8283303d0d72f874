"""The application's own table."""

from sqlmodel import Field, SQLModel


class Book(SQLModel, table=True):
    """One book, and the member who has it."""

    __tablename__ = "books"

    isbn: str = Field(primary_key=True)
    title: str
    member: str | None = None
