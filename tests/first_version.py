"""The orchestrator of the release before `place_order` had a second version: it knows version 1 alone.

python -m first_version orchestrator
"""

import runpy
import sys

import orchestrator.sagas
from orchestrator.sagas.place_order_v1 import PLACE_ORDER_V1


def main() -> None:
    """Remove version 2, then run the service that is named."""
    orchestrator.sagas.SAGAS = (PLACE_ORDER_V1,)  # type: ignore[misc]
    runpy.run_module(sys.argv[1], run_name="__main__")


if __name__ == "__main__":
    main()
