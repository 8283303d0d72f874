"""The order service over HTTP: its orders, and the catalogue."""

from fastapi import APIRouter

from order.api import catalogue, orders

router = APIRouter()
router.include_router(orders.router)
router.include_router(catalogue.router)
