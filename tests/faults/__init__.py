"""What can go wrong, done on purpose, and an independent checker that judges what is left afterwards."""
