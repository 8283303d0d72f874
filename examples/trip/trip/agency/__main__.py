"""The agency's process."""

from counterstep.http import ServiceSettings, serve

from trip.agency.api import router
from trip.agency.handlers import agency

if __name__ == "__main__":
    serve(agency, router, ServiceSettings.load())
