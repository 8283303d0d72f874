"""From the broker to a committed batch: deliveries, batches, acknowledgements, retries and dead letters."""
