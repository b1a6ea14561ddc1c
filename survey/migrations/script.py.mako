"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
# "expand": older code stands it. "contract": it takes away what older code needs, and waits for `upgrade --finish`.
phase = "expand"


def upgrade() -> None:
    """${message}"""
    ${upgrades if upgrades else "pass"}
