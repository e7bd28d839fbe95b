"""Visits: answers to doubts, the mark of a 典型案例, which file a photo was made from."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = [
    """CREATE TABLE doubt_answer (
    visit VARCHAR,
    rule VARCHAR,
    answer VARCHAR,
    county VARCHAR,
    places JSON,
    id VARCHAR NOT NULL,
    deleted BOOLEAN DEFAULT 0 NOT NULL,
    disputed BOOLEAN DEFAULT 0 NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(visit) REFERENCES visit (id) DEFERRABLE INITIALLY DEFERRED
)""",
    "CREATE INDEX ix_doubt_answer_visit ON doubt_answer (visit)",
    "ALTER TABLE visit ADD COLUMN typical BOOLEAN",
    "ALTER TABLE attachment ADD COLUMN source_sha256 VARCHAR",
]


def upgrade() -> None:
    """Create the table and the columns."""
    for sql in STATEMENTS:
        op.execute(sql)
