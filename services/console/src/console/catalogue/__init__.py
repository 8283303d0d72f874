"""The contracts: every message, the AsyncAPI document of each service, and the definitions of the sagas."""
