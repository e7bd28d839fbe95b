"""The roster: tasks of teams, whom a place continues, which record stands for one that was merged."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = [
    """CREATE TABLE team_task (
    team VARCHAR,
    title VARCHAR,
    starts VARCHAR,
    due VARCHAR,
    state VARCHAR,
    result VARCHAR,
    id VARCHAR NOT NULL,
    deleted BOOLEAN DEFAULT 0 NOT NULL,
    disputed BOOLEAN DEFAULT 0 NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(team) REFERENCES team (id) DEFERRABLE INITIALLY DEFERRED
)""",
    "CREATE INDEX ix_team_task_team ON team_task (team)",
    # A new table and not a new column, so that its reference is told in the same way as all others.
    """CREATE TABLE appointment_new (
    batch VARCHAR,
    code VARCHAR,
    category VARCHAR,
    organisation VARCHAR,
    team VARCHAR,
    funding VARCHAR,
    continues VARCHAR,
    candidate_counties JSON,
    remark VARCHAR,
    id VARCHAR NOT NULL,
    deleted BOOLEAN DEFAULT 0 NOT NULL,
    disputed BOOLEAN DEFAULT 0 NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(batch) REFERENCES batch (id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY(category) REFERENCES category (id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY(organisation) REFERENCES organisation (id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY(team) REFERENCES team (id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY(continues) REFERENCES appointment (id) DEFERRABLE INITIALLY DEFERRED
)""",
    """INSERT INTO appointment_new (batch, code, category, organisation, team, funding, candidate_counties, remark, id,
    deleted, disputed) SELECT batch, code, category, organisation, team, funding, candidate_counties, remark, id,
    deleted, disputed FROM appointment""",
    "DROP TABLE appointment",
    "ALTER TABLE appointment_new RENAME TO appointment",
    """CREATE TABLE merged (
    entity VARCHAR NOT NULL,
    record VARCHAR NOT NULL,
    stands VARCHAR NOT NULL,
    PRIMARY KEY (entity, record)
) WITHOUT ROWID""",
]


def upgrade() -> None:
    """Create the tables (foreign keys are off); `store.rebuild` fills what is derived when the ledger is opened."""
    for sql in STATEMENTS:
        op.execute(sql)
