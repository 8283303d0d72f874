"""The console: web pages over the services' HTTP APIs. It owns no data and acts through them."""
