"""Types for the fields of tables and requests that pydantic and SQLAlchemy do not bring along."""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.http.columns import Jsonb
    from counterstep.http.text import OneLine
else:
    __getattr__, __dir__ = door(__name__, {"http.columns": ("Jsonb",), "http.text": ("OneLine",)})

__all__ = ["Jsonb", "OneLine"]
