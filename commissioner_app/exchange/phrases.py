"""Passphrases (口令) that two people can tell each other by phone."""

import secrets
import unicodedata

from commissioner_app.exchange.container import sentences

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without 0 o 1 l i, which are mixed up when they are read out or written down."""
GROUPS, GROUP = 4, 4
"""16 of 31 signs: 79 bits, far beyond trying them out."""
SHORTEST = 8
"""A passphrase of one's own has at least as many characters."""


def generate() -> str:
    """A new random passphrase, as `k7m2-9xqp-4hhd-t3wz`."""
    signs = [secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP)]
    return "-".join("".join(signs[at : at + GROUP]) for at in range(0, len(signs), GROUP))


def tidy(typed: str) -> str:
    """A passphrase as it is used: one of ours whatever its hyphens, spaces and case, another one stripped only."""
    typed = unicodedata.normalize("NFKC", typed)  # an input method writes １２３ for 123
    bare = "".join(ch for ch in typed.lower() if ch not in " -－—　\t\r\n")
    if len(bare) == GROUPS * GROUP and set(bare) <= set(ALPHABET):
        return "-".join(bare[at : at + GROUP] for at in range(0, len(bare), GROUP))
    return typed.strip()


def problem(typed: str) -> str:
    """What is wrong with a passphrase of one's own, in words; empty if nothing is."""
    if len(tidy(typed)) < SHORTEST:
        return f"口令至少 {SHORTEST} 个字符"
    return ""


def was_wrong(error: BaseException) -> bool:
    """Whether a file was not opened because of its passphrase: asking again may help."""
    return str(error) in (sentences.WRONG_PASSPHRASE, sentences.PASSPHRASE_MISSING)
