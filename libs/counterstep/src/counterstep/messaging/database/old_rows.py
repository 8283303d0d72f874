"""Rows of a release that retried by the broker, and how they are moved to where today's code looks for them."""

from typing import Final

# A row for `retry` is addressed to `<queue>.<delay>`, one for `dead_letters` to the queue. The first sender
# of the message is not known any more. A row that was to become a dead letter has failed for the last time
# already: it is one where its next try fails, too.
MOVE_FROM_OUTBOX: Final = r"""
WITH moved AS (DELETE FROM outbox WHERE exchange IN ('retry', 'dead_letters') RETURNING *),
     addressed AS (SELECT *, regexp_replace(routing_key, '\.(1s|5s|30s)$', '') AS queue FROM moved)
INSERT INTO retries (fingerprint, queue, message_id, saga_id, type, exchange, routing_key, headers, body, failures,
                     reason, not_before)
SELECT gen_random_uuid(), queue, message_id, saga_id, type, '', queue, headers::text, body,
       CASE exchange WHEN 'dead_letters' THEN 4 ELSE 1 END, coalesce(headers ->> 'reason', ''), now()
FROM addressed
"""
