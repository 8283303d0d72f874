"""What things cost, measured side by side in one run; apart from the tests, because machines differ."""
