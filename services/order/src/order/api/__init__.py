"""The order service over HTTP: its orders, their reviews, and the catalogue."""

from fastapi import APIRouter

from order.api.catalogue import router as catalogue
from order.api.orders import router as orders
from order.api.reviews import router as reviews

router = APIRouter()
router.include_router(orders)
router.include_router(reviews)
router.include_router(catalogue)
