"""The suppliers' process."""

from counterstep.http import ServiceSettings, serve

from trip.suppliers.api import router
from trip.suppliers.handlers import suppliers

if __name__ == "__main__":
    serve(suppliers, router, ServiceSettings.load())
