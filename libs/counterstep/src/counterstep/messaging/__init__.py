"""For an application that runs already: the messaging of a service, inside its own event loop and its own broker.

This is the door; the modules beside it are private. A service that `counterstep.http.serve` runs does not need it.
"""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.messaging.runtime import Runtime
else:
    __getattr__, __dir__ = door(__name__, {"messaging.runtime": ("Runtime",)})

__all__ = ["Runtime"]
