"""The ids of dead letters. A letter has the id of its message, unless another message had that id first.

Senders choose the ids of their messages, so two different messages may claim one. Neither letter replaces the
other, and neither is lost.
"""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID, uuid4, uuid5

from counterstep.messaging.consumer.failed import Failed


def claimable(failed: Failed) -> tuple[UUID, UUID]:
    """The ids that its letter may have: that of the message, or else one that is made from all of the message.

    So a message that comes again finds the letter that it has already.
    """
    own = failed.envelope.message_id
    return own, uuid5(own, failed.fingerprint.hex)


def letter_ids(failed: Iterable[Failed], taken: Mapping[UUID, UUID]) -> Iterator[UUID]:
    """The id of each letter, in order; `taken` tells whose letter has an id, by the message's fingerprint.

    A sender who knows how the second id is made can have a letter there, too. Then the id is a new one.
    """
    holders = dict(taken)
    for each in failed:
        ids = (*claimable(each), uuid4())
        chosen = next(id_ for id_ in ids if holders.setdefault(id_, each.fingerprint) == each.fingerprint)
        yield chosen
