"""The orchestrator as a library, for any sagas: instances, history, deadlines, spans, HTTP API.

This door is for the process that drives the sagas of a system; their authors need `counterstep.saga` alone. The
modules beside it are private.
"""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.orchestration.settings import OrchestratorSettings
    from counterstep.service.orchestrator import serve_orchestrator
else:
    __getattr__, __dir__ = door(
        __name__,
        {
            "service.orchestrator": ("serve_orchestrator",),
            "orchestration.settings": ("OrchestratorSettings",),
        },
    )

__all__ = ["OrchestratorSettings", "serve_orchestrator"]
