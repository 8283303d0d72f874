"""For routes that can wait: with `Prefer: wait=10` they answer when their row has ended, or after ten seconds.

This is the door; the modules beside it are private. Few routes need it, so it is not a part of `counterstep.http`.
"""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.http.waiting.client_wait import Waiting
    from counterstep.http.waiting.ending import Ending
else:
    __getattr__, __dir__ = door(
        __name__,
        {"http.waiting.client_wait": ("Waiting",), "http.waiting.ending": ("Ending",)},
    )

__all__ = ["Ending", "Waiting"]
