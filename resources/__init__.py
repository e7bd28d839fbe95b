"""Data that ships with the program: fonts, divisions, the roster of 2022, rule sets."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Path of a shipped file; it works from source and from a PyInstaller folder alike."""
    return ROOT.joinpath(*parts)
