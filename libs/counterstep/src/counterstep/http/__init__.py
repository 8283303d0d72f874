"""What a service needs around its own idea: settings, its HTTP API, callers, problems, pages of rows.

This is the door; the modules beside it are private.
"""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.http.auth import AnyCaller, Operator, Viewer
    from counterstep.http.columns import Jsonb
    from counterstep.http.database import OpenTransaction
    from counterstep.http.paging import Page, Paging
    from counterstep.http.problems import Problem
    from counterstep.http.settings import ServiceSettings
    from counterstep.http.text import OneLine
    from counterstep.service.serving import serve
else:
    __getattr__, __dir__ = door(
        __name__,
        {
            "http.auth": ("AnyCaller", "Operator", "Viewer"),
            "http.columns": ("Jsonb",),
            "http.database": ("OpenTransaction",),
            "http.paging": ("Page", "Paging"),
            "http.problems": ("Problem",),
            "service.serving": ("serve",),
            "http.settings": ("ServiceSettings",),
            "http.text": ("OneLine",),
        },
    )

__all__ = [
    "AnyCaller",
    "Jsonb",
    "OneLine",
    "OpenTransaction",
    "Operator",
    "Page",
    "Paging",
    "Problem",
    "ServiceSettings",
    "Viewer",
    "serve",
]
