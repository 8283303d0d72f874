"""The same saga on DBOS and on Restate: six durable steps, as each of them would have it written."""
