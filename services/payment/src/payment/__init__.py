"""Owns accounts and authorizations. Hears `AuthorizePayment`, its undo `VoidPayment`, and `CapturePayment`."""
