"""How all of it is now: what flows, how fast sagas end and how, what waits, and what should be looked at."""
