"""For routes that list rows: a page of them, newest first, and a cursor that leads to the next page.

This is the door; the module beside it is private. A service that lists nothing does not need it.
"""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.http.paging.pages import Page, Paging
else:
    __getattr__, __dir__ = door(__name__, {"http.paging.pages": ("Page", "Paging")})

__all__ = ["Page", "Paging"]
