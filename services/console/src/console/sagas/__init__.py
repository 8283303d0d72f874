"""The saga pages: the list with its filters, and one saga as swim lanes and as a sequence of messages."""
