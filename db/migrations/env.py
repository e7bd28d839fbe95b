"""Alembic's environment: runs on the connection that the ledger hands over, never on an URL of its own."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True, render_as_batch=True)
context.run_migrations()
