"""The kit: small widgets that every page is built from; they know the theme and no business rule."""
