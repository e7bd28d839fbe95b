"""The exchange: what goes to whom, and merging what came."""
