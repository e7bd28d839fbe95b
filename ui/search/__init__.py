"""Search everywhere: people, visits, places, commands."""
