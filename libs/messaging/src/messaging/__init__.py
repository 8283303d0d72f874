"""Messages that are neither lost nor done twice: inbox, outbox, relay and participant over RabbitMQ."""

from messaging.participant import Participant
from messaging.runtime import Runtime
from messaging.token import Token
from messaging.transaction import Transaction, Transactions

__all__ = ["Participant", "Runtime", "Token", "Transaction", "Transactions"]
