"""The inventory service's whole wiring."""

from counterstep.http.serve import serve
from counterstep.http.settings import load

from inventory.api import router
from inventory.handlers import inventory
from inventory.settings import Settings

if __name__ == "__main__":
    serve(inventory, router, load(Settings))
