"""The ledger: tables, engine, journal, migrations, queries that need SQL."""
