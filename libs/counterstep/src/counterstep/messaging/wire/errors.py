"""Why a message cannot be handled, whatever the service does."""


class UndecodableError(Exception):
    """A poison message: its type, its version, its headers or its body cannot be decoded. It is never retried."""
