"""Prove sagas from a shell.

python -m counterstep.saga.proof MODULE:SAGAS    proves the newest version of every saga of the list
python -m counterstep.saga.proof MODULE:SAGA     proves this definition
"""

import argparse
import sys

from counterstep.saga.proof.finding import sagas_at
from counterstep.saga.proof.proving import ATTEMPTS, REPEATED, SECONDS, STALLED, HarmError, prove


def main() -> None:
    """Print what was proven; exit with the shortest way to harm, if there is one."""
    parser = argparse.ArgumentParser(
        prog="python -m counterstep.saga.proof", description="Search every state that a saga can reach for harm."
    )
    parser.add_argument("sagas", help="a saga or a list of sagas, as in trip.sagas:SAGAS")
    parser.add_argument("--attempts", type=int, default=ATTEMPTS, help="attempts at a step in one direction")
    parser.add_argument("--repeated", type=int, default=REPEATED, help="steps at a later attempt at a time")
    parser.add_argument("--stalled", type=int, default=STALLED, help="transactions that stall at a time")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="the time limit for each saga")
    given = parser.parse_args()
    try:
        for saga in sagas_at(given.sagas):
            proof = prove(
                saga,
                attempts=given.attempts,
                repeated=given.repeated,
                stalled=given.stalled,
                seconds=given.seconds,
            )
            print(proof, flush=True)  # noqa: T201 - this command's whole purpose
    except (LookupError, HarmError) as problem:
        sys.exit(str(problem.args[0]))


if __name__ == "__main__":
    main()
