"""The messages between the services of the trip; each module is the address of one service."""
