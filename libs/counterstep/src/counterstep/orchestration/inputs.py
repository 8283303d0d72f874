"""From a message to the engine's input: only what is its sender's to say about this instance becomes one."""

from counterstep.messaging.wire.envelope import Envelope
from counterstep.messaging.wire.errors import ForgedError, UndecodableError
from counterstep.orchestration.instances import Definitions, LoadedInstance
from counterstep.protocol.messages import CancellationEvent, Message, Refusal, Reply
from counterstep.saga.attempt import Attempt
from counterstep.saga.transition import Cancelled, Input, Refused, Succeeded


def input_of(definitions: Definitions, loaded: LoadedInstance, envelope: Envelope, message: Message) -> Input:
    """The input that the message is for this instance.

    Raises `ForgedError` for a reply that comes from another service than the owner of the command that it answers,
    for one of a type that this command does not declare, for one about a command that the saga does not have, and
    for a cancellation of another saga. Raises `UndecodableError` for what is not for an orchestrator.
    """
    match message:
        case CancellationEvent():
            return _cancelled(definitions, loaded, message)
        case Reply():
            return _outcome(definitions, loaded, envelope, message)
        case _:
            raise UndecodableError(f"no saga handles {envelope.type}")


def unknown_instance(envelope: Envelope, message: Message) -> Exception:
    """What is wrong with a message about an instance that does not exist.

    The start event may still be on its way, and a cancellation may overtake it. A reply may not: the command that
    it answers was sent in the transaction that saved the instance.
    """
    nowhere = f"there is no saga {envelope.saga_id}"
    if isinstance(message, Reply):
        return ForgedError(f"{envelope.sender} answered a command of it, and {nowhere}")
    return LookupError(nowhere)


def _cancelled(definitions: Definitions, loaded: LoadedInstance, event: CancellationEvent) -> Input:
    if not definitions.sagas.is_cancelled_by(loaded.saga, type(event)):
        raise ForgedError(f"{type(event).__name__} does not cancel {loaded.saga.name}, which {loaded.saga_id} is")
    return Cancelled(event.reason)


def _outcome(definitions: Definitions, loaded: LoadedInstance, envelope: Envelope, reply: Reply) -> Input:
    attempt = _attempt(envelope)
    answering = definitions.sagas.answering(loaded.saga)
    if objection := answering.objection(attempt, type(reply), envelope.sender, itself=definitions.reply_address):
        raise ForgedError(objection)
    return Refused(attempt, reply.reason, reply.code) if isinstance(reply, Refusal) else Succeeded(attempt)


def _attempt(envelope: Envelope) -> Attempt:
    headers = envelope.headers
    if headers.step is None or headers.direction is None or headers.attempt is None:
        raise UndecodableError("a reply must name the step, the direction and the attempt that it answers")
    return Attempt(headers.step, headers.direction, headers.attempt)
