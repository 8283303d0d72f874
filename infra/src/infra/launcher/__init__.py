"""Running all of Counterstep on this machine: natively, or in containers."""
