"""The welcome wizard and the dialogs that open a ledger."""
