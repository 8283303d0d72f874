"""What a service needs around its own idea: settings, its HTTP API, callers, problems, pages of rows.

This is the door; the modules beside it are private.
"""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.http.auth import AnyCaller, Operator, Viewer
    from counterstep.http.columns import Jsonb
    from counterstep.http.database import AnyTransactions, OpenTransaction
    from counterstep.http.paging import Page, Paging
    from counterstep.http.problems import Problem
    from counterstep.http.rows import upsert
    from counterstep.http.settings import ServiceSettings, load
    from counterstep.http.text import OneLine
    from counterstep.http.views.problem import FieldError
    from counterstep.service.serving import serve
    from counterstep.telemetry.spans import annotate
else:
    __getattr__, __dir__ = door(
        __name__,
        {
            "http.auth": ("AnyCaller", "Operator", "Viewer"),
            "http.columns": ("Jsonb",),
            "http.database": ("AnyTransactions", "OpenTransaction"),
            "http.paging": ("Page", "Paging"),
            "http.problems": ("Problem",),
            "http.rows": ("upsert",),
            "service.serving": ("serve",),
            "http.settings": ("ServiceSettings", "load"),
            "http.text": ("OneLine",),
            "http.views.problem": ("FieldError",),
            "telemetry.spans": ("annotate",),
        },
    )

__all__ = [
    "AnyCaller",
    "AnyTransactions",
    "FieldError",
    "Jsonb",
    "OneLine",
    "OpenTransaction",
    "Operator",
    "Page",
    "Paging",
    "Problem",
    "ServiceSettings",
    "Viewer",
    "annotate",
    "load",
    "serve",
    "upsert",
]
