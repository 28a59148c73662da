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
from typing import Any

from django.utils.translation import gettext as _

from yanglao.kernel.packs.problems import PackInvalid, Problem
from yanglao.kernel.packs.reading import Document as Read
from yanglao.kernel.packs.reading import parse
from yanglao.kernel.packs.schema import validate

from .building import Builder
from .figures import Figures, document_of
from .form import PolicyForm, StandardForm
from .months import Month
from .overriding import problems as overriding
from .overriding import settled
from .policy import Policy, Standard, Text
from .saying import paid_again, unknown_words
from .schema import Schema
from .stacking import order

PolicyInvalid = PackInvalid


@dataclass(frozen=True)
class Book:
    """All policies of a place, ordered by id. `sha256` names the whole: equal hashes give equal ledgers."""

    policies: tuple[Policy, ...]
    standards: tuple[Standard, ...] = ()

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256("\n".join(f"{p.id} {p.sha256}" for p in self.policies).encode()).hexdigest()

    def __getitem__(self, policy_id: str) -> Policy:
        """Raises KeyError when the book has no such policy."""
        return {p.id: p for p in self.policies}[policy_id]

    def only(self, *ids: str) -> Book:
        return Book(tuple(p for p in self.policies if p.id in ids), self.standards)

    def in_force(self, months: Iterable[Month]) -> tuple[Policy, ...]:
        months = tuple(months)
        return tuple(p for p in self.policies if any(p.in_force(m) for m in months))

    def texts(self) -> dict[str, str]:
        """The files as they were read, by name: `load_texts(book.texts(), schema)` is the same book."""
        shared = {s.path: s.text for s in self.standards}
        return {p.path: p.text for p in self.policies} | shared


def load_book(folder: Path, schema: Schema) -> Book:
    """The book of all `*.yaml` in `folder` and in its `standards/`. Raises PolicyInvalid with every problem found."""
    texts, problems = {}, []
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("standards/*.yaml")]):
        name = path.relative_to(folder).as_posix()
        try:
            texts[name] = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            how = _("用编辑器把文件另存为 UTF-8 编码")
            problems.append(Problem(name, 1, _("读不到这个文件，或不是 UTF-8 编码"), how))
    if problems:
        raise PolicyInvalid(problems)
    return load_texts(texts, schema, words=True)


def load_texts(texts: Mapping[str, str], schema: Schema, *, words: bool = False) -> Book:
    """The book of the given files (name → text). Raises PolicyInvalid with every problem found."""
    book, problems = check_texts(texts, schema, words=words)
    if problems:
        raise PolicyInvalid(problems)
    return book


def check_texts(
    texts: Mapping[str, str], schema: Schema, *, words: bool = False
) -> tuple[Book, list[Problem]]:
    """The book of those files that are right, and what is wrong with the others. `words`: see `unknown_words`."""
    problems: list[Problem] = []
    forms: list[tuple[PolicyForm, Read, str]] = []
    standards: dict[str, Standard] = {}
    for name in sorted(texts):
        try:
            read = parse(texts[name].encode(), name)
            if is_standard(read):
                standard, found = built_standard(validate(read, StandardForm), read, texts[name])
                problems += found + _doubled(standard, standards)
                standards.setdefault(standard.id, standard)
            else:
                forms.append((validate(read, PolicyForm), read, texts[name]))
        except PackInvalid as error:
            problems += error.problems
    policies: list[Policy] = []
    for form, read, text in forms:
        policy, found = built(form, read, schema, text, standards, words=words)
        problems += found
        policies += [policy] if policy else []
    problems += together(policies)
    ordered = tuple(sorted(settled(policies), key=lambda p: p.id))
    return Book(ordered, tuple(standards[s] for s in sorted(standards))), sorted(set(problems))


def is_standard(read: Read) -> bool:
    """Whether a file holds shared figures (kind: standard) and not a policy."""
    return isinstance(read.data, dict) and read.data.get("kind") == "standard"


def _doubled(standard: Standard, others: Mapping[str, Standard]) -> list[Problem]:
    if standard.id not in others:
        return []
    what = _("标准编号“%(id)s”与 %(file)s 重复") % {"id": standard.id, "file": others[standard.id].path}
    return [Problem(standard.path, 1, what, _("换一个编号"))]


def built_standard(form: StandardForm, read: Read, text: str) -> tuple[Standard, list[Problem]]:
    """The shared figures of a file that agrees with the form, and what is wrong with them."""
    problems: list[Problem] = []

    def tell(path: tuple[str, ...], what: str, how: str) -> None:
        problems.append(Problem(read.path, read.line_of(path), what, how))

    reader = Figures(read, tell, form.document.confidence)
    parameters = {name: reader.parameter(name, p) for name, p in form.parameters.items()}
    title, document = Text(form.title.zh, form.title.en), document_of(form.document)
    sha = meaning(read)
    return Standard(form.id, title, document, form.division, parameters, read.path, text, sha), problems


def built(
    form: PolicyForm,
    read: Read,
    schema: Schema,
    text: str,
    standards: Mapping[str, Standard] | None = None,
    *,
    words: bool = False,
) -> tuple[Policy | None, list[Problem]]:
    """The policy of a file that agrees with the form, or what is wrong with it. `words`: see `unknown_words`."""
    builder = Builder(form, read, schema, standards)
    policy = builder.policy()
    if policy is None or builder.problems:
        return None, builder.problems
    if words and (unknown := [*unknown_words(policy, form, read), *paid_again(policy, read)]):
        return None, unknown
    return replace(policy, text=text, path=read.path, sha256=_with_shared(meaning(read), policy)), []


def _with_shared(sha: str, policy: Policy) -> str:
    """A policy means something else once a figure it shares does."""
    shared = sorted((p.standard, repr(p.values)) for p in policy.parameters.values() if p.standard)
    return hashlib.sha256(f"{sha} {shared}".encode()).hexdigest() if shared else sha


def meaning(read: Read) -> str:
    """Hash of what the file says, whatever its layout and comments; cases and notes do not pay anybody."""
    said = {k: v for k, v in read.data.items() if k not in {"cases", "notes"}}
    try:
        text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=_plain)
    except TypeError:  # keys of several kinds in one table, or days
        text = json.dumps(_by_text(said), sort_keys=True, ensure_ascii=False, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _by_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _by_text(v) for k, v in value.items()}
    return [_by_text(v) for v in value] if isinstance(value, list) else value


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
        stacking = policy.stacking
        for other in (*stacking.excluded_by, *stacking.reduced_by, *stacking.overrides):
            if other not in paths:
                what = _("stacking 里的“%(id)s”不是本地的政策") % {"id": other}
                problems.append(Problem(policy.path, 1, what, _("改成已有的政策编号，或删去")))
    problems += overriding(policies)
    try:
        order(policies)
    except CycleError as error:
        what = _("政策互相排除成了圈：%(c)s") % {"c": " → ".join(error.args[1])}
        problems.append(
            Problem(paths[error.args[1][0]], 1, what, _("去掉其中一条 excluded_by 或 reduced_by"))
        )
    return problems
