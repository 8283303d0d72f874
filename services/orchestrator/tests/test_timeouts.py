"""The shop's steps wait longer than the platform needs to publish what a killed process has left behind."""

from counterstep.messaging.outbox.publisher import CONFIRM_SECONDS
from counterstep.messaging.outbox.relay import SWEEP_SECONDS
from counterstep.messaging.outbox.table import LEASE_SECONDS
from orchestrator.sagas import SAGAS


def test_what_a_killed_process_has_not_published_is_published_before_any_step_is_given_up() -> None:
    shortest = min(step.within for saga in SAGAS for step in saga.steps.values())
    assert CONFIRM_SECONDS < LEASE_SECONDS < LEASE_SECONDS + SWEEP_SECONDS < shortest.total_seconds()
