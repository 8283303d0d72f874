"""Starts the inventory service: its handlers, its routes and its settings."""

from counterstep.http import serve

from inventory.api import router
from inventory.handlers import inventory
from inventory.settings import Settings

if __name__ == "__main__":
    serve(inventory, router, Settings.load())
