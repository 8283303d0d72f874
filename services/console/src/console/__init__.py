"""The console: shows what the services tell over HTTP, and acts through them; it owns nothing."""
