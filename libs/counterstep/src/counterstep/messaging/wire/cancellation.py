"""Whose cancellation a `CancelledError` is: the task's own, or one of what it awaited."""

import asyncio


def is_cancelled() -> bool:
    """Whether this task itself is being cancelled.

    If not, a `CancelledError` comes from something that the task awaited: aiormq cancels the futures of a
    connection that it closes.
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
