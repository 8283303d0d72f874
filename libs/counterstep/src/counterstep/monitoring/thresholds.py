"""From which figure on something is a problem: status pages, alert rules and dashboards use the same limits."""

from typing import Final

DEEP_MESSAGES: Final = 1_000  # more are a backlog, not a burst
OLD_SECONDS: Final = 30  # in an outbox; a message is published again after ten
OFTEN_PER_SECOND: Final = 1  # redeliveries; a restart causes some, and then no more
NEARLY_FULL: Final = 0.8  # of what there is: memory before the alarm, connections
NEARLY_EMPTY: Final = 2  # times the free disk that raises the alarm

HUMAN_STEP_SECONDS: Final = 300  # a step with a longer timeout is decided by a person
SETTLING_SECONDS: Final = 3600  # for all other steps of a saga, beside the one that a person decides
COMPENSATING_SECONDS: Final = 600  # no person is waited for; a participant is away
SLOW_STEP_SECONDS: Final = 5  # half of the shortest time that a step is given
MOST_COMPENSATED: Final = 0.5  # of the sagas that end
RETRIES_PER_SECOND: Final = 0.1  # one every ten seconds is no coincidence

LAG_SECONDS: Final = 0.25  # a heartbeat to the broker is due every few seconds
MOST_ERRORS: Final = 0.05  # of the HTTP requests
LONG_TRANSACTION_SECONDS: Final = 60  # the platform's own take less than one
