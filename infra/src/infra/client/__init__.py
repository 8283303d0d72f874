"""The services' public HTTP APIs, called as any client calls them."""
