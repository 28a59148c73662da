"""Policies as a section of a city folder: `city check` finds every mistake in them before anything is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from yanglao.kernel.packs.problems import Problem
from yanglao.kernel.packs.sections import PackFile

from .book import built, together
from .form import PolicyForm
from .schema import Schema

GLOB = "policies/*.yaml"


def check_policies(files: Sequence[PackFile[PolicyForm]], schema: Schema) -> Iterable[Problem]:
    """What the form alone cannot say: expressions, parameters, cases, and how the policies fit together."""
    policies, problems = [], []
    for file in files:
        policy, found = built(file.model, file.document, schema, text="")
        problems += found
        policies += [policy] if policy else []
    return [*problems, *together(policies)]


def policy_texts(files: Sequence[PackFile[Any]], folder: Any) -> dict[str, str]:
    """The files as text by name, for `load_texts`."""
    return {file.path: (folder / file.path).read_text(encoding="utf-8-sig") for file in files}
