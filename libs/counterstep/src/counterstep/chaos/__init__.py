"""Fault injection: faults arrive on `control` and act on a service's messages, unnoticed by its own code."""
