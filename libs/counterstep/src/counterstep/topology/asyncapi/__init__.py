"""A service's side of the conversation as an AsyncAPI 3 document, made of the topology and the contracts.

It is complete where documents that frameworks derive from their subscribers are not: the messages of the
outbox, those that may be returned, and where a message goes that cannot be handled. https://www.asyncapi.com/docs/reference
"""

from counterstep.topology.asyncapi.document import document

__all__ = ["document"]
