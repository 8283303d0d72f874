"""The bodies that every service answers over HTTP, for the services and for the programs that read them."""
