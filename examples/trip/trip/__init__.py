"""Book a trip: a flight and a hotel room at once, then a car; all of it, or nothing."""
