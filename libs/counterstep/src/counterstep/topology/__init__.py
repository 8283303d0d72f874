"""Who sends what to whom: a value made from contracts and services, and what follows from it for the broker."""
