"""The saga on Restate: a handler of six recorded steps. It has no database, and writes no rows of its own."""

import restate

STEPS = ("create_order", "reserve_stock", "authorize_payment", "capture_payment", "commit_stock", "approve_order")


def _service() -> restate.Service:
    service = restate.Service("saga")

    async def place_order(ctx: restate.Context, order_id: str) -> str:
        for step in STEPS:
            await ctx.run_typed(step, lambda step=step: f"{step} {order_id}")
        return order_id

    service.handler()(place_order)
    return service


app = restate.app(services=[_service()])
