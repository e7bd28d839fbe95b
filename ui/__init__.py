"""The window: pages, widgets and the shell around them; Qt, and nothing below ``commissioner_app``."""
