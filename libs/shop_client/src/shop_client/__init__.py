"""The shop's HTTP APIs as requests, for the clients of `counterstep.client` to send."""

from shop_client import accounts, catalogue, orders, reviews, stock
from shop_client.accounts import Account
from shop_client.catalogue import Product
from shop_client.orders import NewOrder, Order, OrderStatus
from shop_client.reviews import Review, ReviewStatus, WaitingReviews
from shop_client.stock import Stock

__all__ = [
    "Account",
    "NewOrder",
    "Order",
    "OrderStatus",
    "Product",
    "Review",
    "ReviewStatus",
    "Stock",
    "WaitingReviews",
    "accounts",
    "catalogue",
    "orders",
    "reviews",
    "stock",
]
