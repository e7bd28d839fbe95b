"""The words that ship for 粘贴识别, and the recipients that a ledger adds."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import resources


@cache
def shipped(name: str) -> Mapping[str, Any]:
    """A shipped list of words: industries, forms, common."""
    return tomllib.loads(resources.path("words", f"{name}.toml").read_text("utf-8"))


def words() -> Mapping[str, Any]:
    """Crops, works, breeds and fields by industry, parts of topics, names of techniques."""
    return shipped("industries")


@cache
def shipped_aliases() -> Mapping[str, str]:
    """Shipped everyday names of places that the table lacks, with their code: 陈家沟 is 陈沟."""
    return tomllib.loads(resources.path("divisions", "aliases.toml").read_text("utf-8"))


@dataclass(frozen=True)
class KnownRecipient:
    """A recipient of the ledger; `county` is its code, None where nobody entered it."""

    id: str
    name: str
    county: str | None = None
