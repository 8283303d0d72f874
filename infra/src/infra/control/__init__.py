"""The control room: an HTTP API that shows the parts of one home and their logs, and starts and stops parts."""
