"""From a transaction to the broker: the outbox table, the transaction that fills it, the relay that empties it."""
