"""The suppliers: what can be booked, what is booked, and what a hotel's reception still has to decide."""
