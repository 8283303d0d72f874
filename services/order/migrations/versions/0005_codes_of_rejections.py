"""The code of the refusal for which an order was rejected.

It may be missing, so a process of the release before goes on writing rows.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("orders", sa.Column("code", sa.String))
