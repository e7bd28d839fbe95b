"""The journal: one mechanism for history, undo, exchange and merge."""
