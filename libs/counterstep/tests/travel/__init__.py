"""The system that the platform's own tests run on: somebody books a trip, with a hotel and a flight."""
