"""Read policy files into a book: every mistake of every file at once, each with its line and how to mend it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from graphlib import CycleError
from pathlib import Path

from django.utils.translation import gettext as _

from yanglao.kernel.packs.problems import PackInvalid, Problem
from yanglao.kernel.packs.reading import Document as Read
from yanglao.kernel.packs.reading import parse
from yanglao.kernel.packs.schema import validate

from .building import Builder
from .form import PolicyForm
from .months import Month
from .policy import Policy
from .schema import Schema
from .stacking import order

PolicyInvalid = PackInvalid


@dataclass(frozen=True)
class Book:
    """All policies of a place, ordered by id. `sha256` names the whole: equal hashes give equal ledgers."""

    policies: tuple[Policy, ...]

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256("\n".join(f"{p.id} {p.sha256}" for p in self.policies).encode()).hexdigest()

    def __getitem__(self, policy_id: str) -> Policy:
        """Raises KeyError when the book has no such policy."""
        return {p.id: p for p in self.policies}[policy_id]

    def only(self, *ids: str) -> Book:
        return Book(tuple(p for p in self.policies if p.id in ids))

    def in_force(self, months: Iterable[Month]) -> tuple[Policy, ...]:
        months = tuple(months)
        return tuple(p for p in self.policies if any(p.in_force(m) for m in months))

    def texts(self) -> dict[str, str]:
        """The files as they were read, by name: `load_texts(book.texts(), schema)` is the same book."""
        return {p.path: p.text for p in self.policies}


def load_book(folder: Path, schema: Schema) -> Book:
    """The book of all `*.yaml` in `folder`. Raises PolicyInvalid with every problem found."""
    files = sorted(folder.glob("*.yaml"))
    texts, problems = {}, []
    for path in files:
        try:
            texts[path.name] = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            how = _("用编辑器把文件另存为 UTF-8 编码")
            problems.append(Problem(path.name, 1, _("读不到这个文件，或不是 UTF-8 编码"), how))
    if problems:
        raise PolicyInvalid(problems)
    return load_texts(texts, schema)


def load_texts(texts: Mapping[str, str], schema: Schema) -> Book:
    """The book of the given files (name → text). Raises PolicyInvalid with every problem found."""
    book, problems = check_texts(texts, schema)
    if problems:
        raise PolicyInvalid(problems)
    return book


def check_texts(texts: Mapping[str, str], schema: Schema) -> tuple[Book, list[Problem]]:
    """The book of those files that are right, and what is wrong with the others."""
    problems: list[Problem] = []
    policies: list[Policy] = []
    for name in sorted(texts):
        policy, found = _one(name, texts[name], schema)
        problems += found
        policies += [policy] if policy else []
    problems += together(policies)
    return Book(tuple(sorted(policies, key=lambda p: p.id))), sorted(set(problems))


def _one(name: str, text: str, schema: Schema) -> tuple[Policy | None, list[Problem]]:
    try:
        read = parse(text.encode(), name)
        form = validate(read, PolicyForm)
    except PackInvalid as error:
        return None, list(error.problems)
    return built(form, read, schema, text)


def built(form: PolicyForm, read: Read, schema: Schema, text: str) -> tuple[Policy | None, list[Problem]]:
    """The policy of a file that agrees with the form, or what is wrong with it."""
    builder = Builder(form, read, schema)
    policy = builder.policy()
    if policy is None or builder.problems:
        return None, builder.problems
    return replace(policy, text=text, path=read.path, sha256=meaning(read)), []


def meaning(read: Read) -> str:
    """Hash of what the file says, whatever its layout and comments; cases and notes do not pay anybody."""
    said = {k: v for k, v in read.data.items() if k not in {"cases", "notes"}}
    return hashlib.sha256(
        json.dumps(said, sort_keys=True, ensure_ascii=False, default=_plain).encode()
    ).hexdigest()


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def together(policies: Sequence[Policy]) -> list[Problem]:
    """What only shows when all policies lie side by side."""
    problems = []
    paths: dict[str, str] = {}
    for policy in policies:
        if policy.id in paths:
            what = _("政策编号“%(id)s”与 %(file)s 重复") % {"id": policy.id, "file": paths[policy.id]}
            problems.append(Problem(policy.path, 1, what, _("换一个编号")))
        paths.setdefault(policy.id, policy.path)
    for policy in policies:
        for other in (*policy.stacking.excluded_by, *policy.stacking.reduced_by):
            if other not in paths:
                what = _("stacking 里的“%(id)s”不是本地的政策") % {"id": other}
                problems.append(Problem(policy.path, 1, what, _("改成已有的政策编号，或删去")))
    try:
        order(policies)
    except CycleError as error:
        what = _("政策互相排除成了圈：%(c)s") % {"c": " → ".join(error.args[1])}
        problems.append(
            Problem(paths[error.args[1][0]], 1, what, _("去掉其中一条 excluded_by 或 reduced_by"))
        )
    return problems
