"""What becomes of it with many ended sagas, in a long run, and with many that wait."""
