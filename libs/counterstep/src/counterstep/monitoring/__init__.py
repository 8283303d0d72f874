"""What an operator should look at: the broker's figures, the limits for them, and alerts."""
