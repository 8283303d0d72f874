"""`make bench`: how many sagas a second end, how long one takes, and what each costs."""

import sys

from counterstep.client import ApiError
from infra.client.errors import user_error_of
from infra.machine.user_error import UserError
from infra.screens import deployment as screen
from rich.console import Console

from performance.commands import app


def main() -> None:
    try:
        app()
    except (UserError, ApiError) as error:
        failure = user_error_of(error) if isinstance(error, ApiError) else error
        Console(stderr=True).print(screen.problem(failure), soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
