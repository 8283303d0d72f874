"""Starts the order service: its handlers, its routes and its settings."""

from counterstep.http import serve

from order.api import router
from order.handlers import order
from order.settings import Settings

if __name__ == "__main__":
    serve(order, router, Settings.load())
