"""What differs between two texts of a policy: by meaning, in words, and line by line. Pure but for the words."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from yanglao.entitlement.policymaking.fields import shown
from yanglao.entitlement.policymaking.words import OPTIONS, label_of
from yanglao.entitlement.policymaking.yaml_edit import Unreadable, load

Kind = Literal["added", "removed", "changed"]
_LEFT_OUT = ("parameters", "eligibility", "cases")
_MONEY = {"yuan": "元", "percent": "%", "years": "岁"}  # i18n: data


@dataclass(frozen=True)
class Change:
    """One thing that differs: where, from what, to what."""

    kind: Kind
    where: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Line:
    """A row of the line-by-line view; a number is None where that side has no such line."""

    left: int | None
    before: str
    right: int | None
    after: str
    tone: str = ""
    skipped: int = 0


def by_meaning(before: str, after: str) -> list[Change] | None:
    """The changes in words, the weightiest first; None while one of the texts is no YAML."""
    try:
        old, new = (load(text) if text.strip() else {} for text in (before, after))
    except Unreadable:
        return None
    return [*_parameters(old, new), *_clauses(old, new), *_others(old, new), *_cases(old, new)]


def _change(where: str, before: str, after: str) -> Iterator[Change]:
    if before != after:
        kind: Kind = "added" if not before else "removed" if not after else "changed"
        yield Change(kind, where, before, after)


def _mapping(data: Any, key: str) -> Mapping[str, Any]:
    found = data.get(key) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _parameters(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = _mapping(old, "parameters"), _mapping(new, "parameters")
    for name in dict.fromkeys([*after, *before]):
        a, b = before.get(name), after.get(name)
        title = _("参数“%(name)s”") % {"name": _label(b or a, name)}
        if a is None or b is None:
            yield from _change(title, _all_values(a), _all_values(b))
            continue
        yield from _values(title, a, b)
        for key in ("label", "unit", "by"):
            yield from _change(f"{title} {label_of(key)}", _word(a.get(key)), _word(b.get(key)))


def _label(item: Any, fallback: str) -> str:
    return str(_mapping(item, "label").get("zh") or fallback)


def _values(title: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Change]:
    unit = _MONEY.get(str(b.get("unit")), "")
    old, new = _figures(a), _figures(b)
    for day in sorted(old.keys() | new.keys()):
        # a day only one side has: what held there on the other side, from the value before
        was, now = _on(old, day), _on(new, day)
        for bracket in dict.fromkeys([*now, *was]):
            where = _("%(title)s 自 %(day)s%(bracket)s") % {
                "title": title,
                "day": day,
                "bracket": _("，%(key)s 档") % {"key": bracket} if bracket else "",
            }
            yield from _change(where, _with(was.get(bracket, ""), unit), _with(now.get(bracket, ""), unit))


def _with(figure: str, unit: str) -> str:
    return f"{figure}{unit}" if figure else ""


def _figures(parameter: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Day → bracket → figure."""
    return {
        shown(v.get("from")): dict(_flat(v.get("table", v.get("value"))))
        for v in parameter.get("values") or []
        if isinstance(v, Mapping)
    }


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{path} {key}".strip())
    else:
        yield path, shown(value)


def _on(figures: Mapping[str, dict[str, str]], day: str) -> dict[str, str]:
    earlier = [d for d in figures if d <= day]
    return figures[max(earlier)] if earlier else {}


def _all_values(parameter: Any) -> str:
    if not isinstance(parameter, Mapping):
        return ""
    parts = []
    for day, row in _figures(parameter).items():
        figures = "，".join(f"{b}：{f}" if b else f for b, f in row.items())
        parts.append(_("自 %(day)s %(figures)s") % {"day": day, "figures": figures})
    return "；".join(parts)


def _clauses(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = _by_id(old), _by_id(new)
    for key in dict.fromkeys([*after, *before]):
        where = _("条件“%(label)s”") % {"label": _label(after.get(key) or before.get(key), key)}
        yield from _change(where, _clause(before.get(key)), _clause(after.get(key)))
    kept = [k for k in before if k in after]
    if kept != [k for k in after if k in before]:
        yield Change("changed", _("条件的先后"), "、".join(kept), "、".join(k for k in after if k in before))


def _by_id(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    rows = data.get("eligibility")
    return {str(r.get("id")): r for r in (rows if isinstance(rows, list) else []) if isinstance(r, Mapping)}


def _clause(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    dates = "".join(f" {label_of(k)} {shown(row[k])}" for k in ("from", "to") if row.get(k) is not None)
    return f"{_label(row, '')}：{row.get('when', '')}{dates}"


def _others(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys([*new, *old]):
        if key in _LEFT_OUT:
            continue
        a, b = old.get(key), new.get(key)
        if isinstance(a, Mapping) or isinstance(b, Mapping):
            left, right = (x if isinstance(x, Mapping) else {} for x in (a, b))
            for inner in dict.fromkeys([*right, *left]):
                where = f"{label_of(key)} · {label_of(f'{key}/{inner}')}"
                yield from _change(where, _word(left.get(inner)), _word(right.get(inner)))
        else:
            yield from _change(label_of(key), _word(a), _word(b))


def _word(value: Any) -> str:
    text = shown(value)
    return str(OPTIONS[text]) if text in OPTIONS else text


def _cases(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    before, after = (
        {str(c.get("name")): shown(c) for c in data.get("cases") or [] if isinstance(c, Mapping)}
        for data in (old, new)
    )
    for name in dict.fromkeys([*after, *before]):
        where = _("案例“%(name)s”") % {"name": name}
        yield from _change(where, before.get(name, ""), after.get(name, ""))


def by_text(before: str, after: str, context: int = 3) -> list[Line]:
    """Both texts side by side; what is the same far from any change is left out and counted."""
    old, new = before.splitlines(), after.splitlines()
    lines: list[Line] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line(a + i + 1, old[a + i], c + i + 1, new[c + i]) for i in range(b - a)]
            continue
        for i in range(max(b - a, d - c)):
            left, right = (a + i if a + i < b else None), (c + i if c + i < d else None)
            lines.append(
                Line(
                    None if left is None else left + 1,
                    "" if left is None else old[left],
                    None if right is None else right + 1,
                    "" if right is None else new[right],
                    "changed",
                )
            )
    return _folded(lines, context)


def _folded(lines: list[Line], context: int) -> list[Line]:
    near = {i + k for i, line in enumerate(lines) if line.tone for k in range(-context, context + 1)}
    found: list[Line] = []
    skipped = 0
    for i, line in enumerate(lines):
        if i in near:
            if skipped:
                found.append(Line(None, "", None, "", skipped=skipped))
            skipped = 0
            found.append(line)
        else:
            skipped += 1
    return [*found, Line(None, "", None, "", skipped=skipped)] if skipped and found else found
