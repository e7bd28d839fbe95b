"""What the app does, without a screen: use cases, rules, import and export, reports, command line."""

__version__ = "0.1.0"
