"""Messages that are neither lost nor done twice: inbox, outbox, relay and participant over RabbitMQ.

A name of the package is imported when it is asked for: whoever only reads the topology needs no database.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from messaging.participant import Participant
    from messaging.runtime import Runtime
    from messaging.token import Token
    from messaging.transaction import Transaction, Transactions

__all__ = ["Participant", "Runtime", "Token", "Transaction", "Transactions"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "transaction" if name == "Transactions" else name.lower()
    return getattr(import_module(f"{__name__}.{home}"), name)
