"""How many inputs of an instance changed nothing, and the key of which there is at most one instance.

Neither is known of the rows that are there, nor of those that an orchestrator of the release before goes on
writing while this release is rolled out. They have no unique key, so two of them may have one key. That key is
found nevertheless, before another instance of it begins.
"""

from counterstep.migrations import extend_instances

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    extend_instances()
