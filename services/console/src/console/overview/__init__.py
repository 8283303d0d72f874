"""The overview: message rates, how fast sagas end and how, backlogs, and the active alerts."""
