"""For a service's tests: play a saga without services, prove it, call a service without broker and database."""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.http.roles import Role
    from counterstep.saga.proof.proving import HarmError, prove
    from counterstep.saga.rehearsal import rehearse
    from counterstep.service.testing import Bearer, offline
else:
    __getattr__, __dir__ = door(
        __name__,
        {
            "http.roles": ("Role",),
            "service.testing": ("Bearer", "offline"),
            "saga.proof.proving": ("HarmError", "prove"),
            "saga.rehearsal": ("rehearse",),
        },
    )

__all__ = ["Bearer", "HarmError", "Role", "offline", "prove", "rehearse"]
