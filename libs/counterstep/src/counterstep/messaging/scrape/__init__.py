"""The gauges that are measured at the moment of a scrape."""
