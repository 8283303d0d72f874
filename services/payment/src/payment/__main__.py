"""Starts the payment service: its handlers, its routes and its settings."""

from counterstep.http import serve

from payment.api import router
from payment.handlers import payment
from payment.settings import Settings

if __name__ == "__main__":
    serve(payment, router, Settings.load())
