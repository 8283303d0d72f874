"""What is on its way, what was answered, and what could not be handled."""
