"""`make bench`: how many sagas a second end, how long one takes, and what each costs."""

import sys

from counterstep.client import ApiError
from infra.client.failures import failure_of
from infra.machine.failure import Failure
from infra.screens import deployment as screen
from rich.console import Console

from performance.commands import app


def main() -> None:
    try:
        app()
    except (Failure, ApiError) as error:
        failure = failure_of(error) if isinstance(error, ApiError) else error
        Console(stderr=True).print(screen.problem(failure), soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
