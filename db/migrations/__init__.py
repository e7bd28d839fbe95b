"""Migrations of the tables: they change tables only, never changes of the journal."""
