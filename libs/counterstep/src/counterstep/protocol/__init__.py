"""Messages that few contracts need: an event that cancels a saga, and what a message was in a past version.

This is the public part of the package; the modules beside it are private. The kinds of message that every contract
needs are in `counterstep`.
"""

from counterstep.protocol.messages import CancellationEvent, Past

__all__ = ["CancellationEvent", "Past"]
