"""Versions that are no longer said, each in a module named like the one that it came from.

`contracts.past.order.OrderPlaced` is `order.order_placed.v1`; its `upcast` gives `contracts.order.OrderPlaced`.
"""
