"""Every message of the travel system; the module's name is the service that owns it."""
