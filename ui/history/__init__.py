"""History of the ledger and of a record."""
