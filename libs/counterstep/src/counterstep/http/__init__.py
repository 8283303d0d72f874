"""What a service needs around its own idea: settings, its HTTP API, callers, problems.

This is the door; the modules beside it are private. `counterstep.http.paging` and `counterstep.http.waiting` are
for routes that list rows or wait.
"""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.http.auth import AnyCaller, Operator, Viewer
    from counterstep.http.database import OpenTransaction
    from counterstep.http.problems import Problem
    from counterstep.http.settings import ServiceSettings
    from counterstep.service.serving import serve
else:
    __getattr__, __dir__ = door(
        __name__,
        {
            "http.auth": ("AnyCaller", "Operator", "Viewer"),
            "http.database": ("OpenTransaction",),
            "http.problems": ("Problem",),
            "service.serving": ("serve",),
            "http.settings": ("ServiceSettings",),
        },
        moved={
            "Jsonb": "counterstep.fields",
            "OneLine": "counterstep.fields",
            "Page": "counterstep.http.paging",
            "Paging": "counterstep.http.paging",
        },
    )

__all__ = ["AnyCaller", "OpenTransaction", "Operator", "Problem", "ServiceSettings", "Viewer", "serve"]
