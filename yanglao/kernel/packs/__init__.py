"""Packs: a city is a folder, a standard is a file; read strictly, shown before applied, remembered."""

from .problems import PackInvalid, Problem
from .reading import Document, read
from .schema import Source, StandardHeader, Strict, validate
from .sections import Pack, PackFile, PackSection

__all__ = [
    "Document",
    "Pack",
    "PackFile",
    "PackInvalid",
    "PackSection",
    "Problem",
    "Source",
    "StandardHeader",
    "Strict",
    "read",
    "validate",
]
