"""设置: ledger, batch, unit, appearance, about."""
