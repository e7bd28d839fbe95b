"""Review mode: the pending visits one after the other, by keyboard."""
