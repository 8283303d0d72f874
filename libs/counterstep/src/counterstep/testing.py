"""For a service's tests: play a saga without services, prove it, call a service without broker and database."""

from typing import TYPE_CHECKING

from counterstep._door import door

if TYPE_CHECKING:
    from counterstep.saga.proof.proving import prove
    from counterstep.saga.rehearsal import rehearse
    from counterstep.service.testing import Bearer, offline
else:
    __getattr__, __dir__ = door(
        __name__,
        {
            "service.testing": ("Bearer", "offline"),
            "saga.proof.proving": ("prove",),
            "saga.rehearsal": ("rehearse",),
        },
    )

__all__ = ["Bearer", "offline", "prove", "rehearse"]
