"""`python -m proof`: search every state, print the figures; with `--deep` further, for minutes."""

import argparse
import sys

from counterstep.saga.proof.model import Model
from counterstep.saga.proof.report import figures, trace
from counterstep.saga.proof.scoped import prove_scope
from proof.scopes import DEEP, EACH_TIME


def main() -> int:
    """Return 1 where a rule is broken, after the shortest way to it is printed."""
    parser = argparse.ArgumentParser(prog="proof", description="Search every state that a saga can reach.")
    parser.add_argument("--deep", action="store_true", help="search further, for some minutes and gigabytes")
    states = 0
    for scope in DEEP if parser.parse_args().deep else EACH_TIME:
        proof = prove_scope(Model(scope))
        states += proof.states
        print(figures(scope, proof), flush=True)  # noqa: T201 - what it prints is its result
        if proof.violation:
            print(*trace(proof.violation), sep="\n")  # noqa: T201 - likewise
            return 1
    print(f"{states:,} states, and every rule holds in each")  # noqa: T201 - likewise
    return 0


if __name__ == "__main__":
    sys.exit(main())
