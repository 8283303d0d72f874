"""Making services and sagas: files from templates, and the lines by which the rest of the checkout knows them."""

from infra.scaffolding.making import make_saga, make_service
from infra.scaffolding.templates import Templates, generated

__all__ = [
    "Templates",
    "generated",
    "make_saga",
    "make_service",
]
