"""Queries that need SQL, a module per subject; they read and never write."""
