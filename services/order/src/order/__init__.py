"""Owns orders and the catalogue. Says `OrderPlaced`; hears `ApproveOrder` and `RejectOrder`."""
