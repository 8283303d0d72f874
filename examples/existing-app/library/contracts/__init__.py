"""The messages between the library and the services around it."""
