"""The model checker: an exhaustive search over the production engine, for any saga.

`prove(SAGA)`, also in `counterstep.testing`, raises `HarmError` with the shortest way to harm, if there is one.
`python -m counterstep.saga.proof MODULE:SAGA` does the same from a shell.
"""

from counterstep.saga.proof.proving import HarmError, SagaProof, prove

__all__ = ["HarmError", "SagaProof", "prove"]
