"""Policies as a section of a city folder: `city check` finds every mistake in them before anything is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import duckdb
from django.utils.translation import gettext as _

from yanglao.kernel.packs.problems import Problem
from yanglao.kernel.packs.sections import PackFile

from .book import built, built_standard, together
from .cases import run_cases
from .form import PolicyForm, StandardForm
from .overriding import settled
from .policy import Policy
from .schema import Schema

GLOB = "policies/*.yaml"
STANDARDS_GLOB = "policies/standards/*.yaml"


def check_standards(files: Sequence[PackFile[StandardForm]]) -> Iterable[Problem]:
    """What is wrong with the figures that policies share."""
    return [p for file in files for p in built_standard(file.model, file.document, text="")[1]]


def check_policies(
    files: Sequence[PackFile[PolicyForm]],
    schema: Schema,
    standards: Sequence[PackFile[StandardForm]] = (),
) -> Iterable[Problem]:
    """What the form alone cannot say: expressions, parameters, how the policies fit together, and their cases."""
    shared = {f.model.id: built_standard(f.model, f.document, text="")[0] for f in standards}
    policies: list[Policy] = []
    problems: list[Problem] = []
    for file in files:
        policy, found = built(file.model, file.document, schema, "", shared, words=True)
        problems += found
        policies += [policy] if policy else []
    by_path = {file.path: file for file in files}
    for policy in settled(policies):
        problems += _wrong_cases(policy, by_path[policy.path], schema)
    return [*problems, *together(policies)]


def _wrong_cases(policy: Policy, file: PackFile[PolicyForm], schema: Schema) -> list[Problem]:
    """A policy that does not pay what its own examples say is not fit for use."""
    with duckdb.connect(":memory:") as con:
        results = run_cases(policy, schema, lambda sql: con.execute(sql).fetchall())
    how = _("核对案例与规定，改正其中写错的一处")
    return [file.problem(("cases", i), str(r), how) for i, r in enumerate(results) if not r.right]


def policy_texts(files: Sequence[PackFile[Any]], folder: Any) -> dict[str, str]:
    """The files as text by name, for `load_texts`."""
    return {file.path: (folder / file.path).read_text(encoding="utf-8-sig") for file in files}
