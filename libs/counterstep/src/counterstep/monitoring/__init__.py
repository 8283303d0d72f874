"""What whoever watches the system judges by: the broker's figures, the limits, and what should be looked at."""
