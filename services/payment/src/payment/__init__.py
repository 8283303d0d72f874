"""Owns accounts and authorizations. Handles `AuthorizePayment` and its `VoidPayment`, and `CapturePayment`."""
