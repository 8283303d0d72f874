"""Refusals on purpose: a share of the commands that may be refused get the refusal that they declare.

The refusal is given and remembered like any other: by a participant, through the inbox. So a command that was done
before gets its stored reply, and a command that is refused now is refused for good.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from counterstep.messaging.consumer.consuming import Consumer, Faults, Work
from counterstep.messaging.consumer.received import Received
from counterstep.messaging.outbox.platform_transaction import PlatformTransaction
from counterstep.messaging.participant.participant import Participant
from counterstep.messaging.wire.envelope import Envelope
from counterstep.protocol.messages import Command, Refusal
from counterstep.protocol.naming import answers, type_name

REASON: Final = "refused on purpose, by a fault switch"
CODE: Final = "injected_fault"
"""No contract declares it, so readers meet a code that they do not know, as they do from a newer participant."""

_BODY: Final = json.dumps({"code": CODE, "reason": REASON})


def refusing(consumer: Consumer, chosen: Callable[[Envelope], bool]) -> Work:
    """The consumer's work, but for the commands that `chosen` picks. Only a participant can refuse."""
    return _Refuser(consumer, chosen).work if isinstance(consumer, Participant) else consumer.work


class _Refuser:
    """Handles a batch as the participant does, and refuses what `chosen` picks among the refusable commands."""

    def __init__(self, participant: Participant, chosen: Callable[[Envelope], bool]) -> None:
        self._participant = participant
        self._chosen = chosen
        self._refuser = Participant(participant.name, participant.topology)
        self._refusable = {type_name(each) for each in participant.commands if _refuse(self._refuser, each)}

    async def work(self, transaction: PlatformTransaction, batch: Sequence[Received]) -> Faults:
        """Refuse the commands that are picked, and let the participant handle the others."""
        faults: dict[Received, Exception] = {}
        refused = [each for each in batch if self._is_refused(each.envelope)]
        if refused:
            faults |= await self._refuser.work(transaction, refused)
            await transaction.flush()  # so that the participant sees the refusals
        if others := [each for each in batch if each not in refused]:
            faults |= await self._participant.work(transaction, others)
        return faults

    def _is_refused(self, envelope: Envelope) -> bool:
        return envelope.type in self._refusable and self._chosen(envelope)


def _refuse(refuser: Participant, command: type[Command[Any, Any]]) -> bool:
    """Register a handler that refuses the command; false where the command cannot be refused."""
    _, no = answers(command)
    if not (isinstance(no, type) and issubclass(no, Refusal)):
        return False

    def refuse() -> Refusal:
        return no.model_validate_json(_BODY)  # read, for a participant may not make one with such a code

    refuser.handles(command)(refuse)
    return True
