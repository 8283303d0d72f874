"""The order service over HTTP: its orders, their reviews, and the catalogue."""

from fastapi import APIRouter

from order.api import catalogue, orders, reviews

router = APIRouter()
router.include_router(orders.router)
router.include_router(reviews.router)
router.include_router(catalogue.router)
