"""Photos, signed sheets and papers of a visit in its editor."""
