"""Versions that no service sends any more, each in a module of the same name as the current one.

`contracts.past.order.OrderPlaced` is `order.order_placed.v1`; its `upcast` gives `contracts.order.OrderPlaced`.
"""
