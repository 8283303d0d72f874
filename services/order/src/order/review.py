"""Reviews: large orders wait until a person has approved or rejected them."""

from typing import Final, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlmodel import Field, SQLModel

REVIEW_ABOVE: Final = 10_000_00
"""An order that costs more than this, in minor units of the currency, is reviewed."""

Decision: TypeAlias = Literal["approved", "rejected"]
ReviewStatus: TypeAlias = Literal["waiting", "approved", "rejected", "withdrawn"]


class Review(SQLModel, table=True):
    """The review of one order. `token` completes the command that requested it."""

    __tablename__ = "reviews"
    __table_args__ = (Index("reviews_waiting", "order_id", postgresql_where=text("status = 'waiting'")),)

    order_id: UUID = Field(primary_key=True)
    token: str
    status: ReviewStatus = Field(default="waiting", sa_type=String)
    decided_by: str | None = None
    reason: str | None = None

    def decide(self, decision: Decision, *, by: str, reason: str | None) -> None:
        """Raises `ValueError` where it is decided or withdrawn already."""
        if self.status != "waiting":
            raise ValueError(f"the review of order {self.order_id} is {self.status} already")
        self.status, self.decided_by, self.reason = decision, by, reason

    def withdraw(self) -> None:
        """End a review that nobody has decided yet. A decision stays."""
        if self.status == "waiting":
            self.status = "withdrawn"
