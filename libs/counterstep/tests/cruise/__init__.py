"""A second system, with a hotel service and an orchestrator as the travel system has them."""
