"""The payment service's whole wiring."""

from counterstep.http import load, serve

from payment.api import router
from payment.handlers import payment
from payment.settings import Settings

if __name__ == "__main__":
    serve(payment, router, load(Settings))
