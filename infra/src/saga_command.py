"""The entry point of the `saga` command, outside of the package `infra`.

A user's PYTHONPATH may hold a package of the name `infra`, which Python would take for ours. So its folders are
removed from the search path before `infra` is imported.
"""

import os
import sys


def main() -> None:
    """Run the command. Its exit code says how it went (see `saga --help`)."""
    foreign = {os.path.realpath(folder) for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder}
    sys.path[:] = [folder for folder in sys.path if os.path.realpath(folder) not in foreign]

    from infra.cli import app  # noqa: PLC0415 - only now is it surely ours
    from infra.machine.environment import (  # noqa: PLC0415 - as above
        print_whatever_the_terminal_can,
        shed_foreign_settings,
    )

    shed_foreign_settings(os.environ)
    print_whatever_the_terminal_can()
    app()
