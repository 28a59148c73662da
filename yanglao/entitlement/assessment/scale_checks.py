"""What is impossible in a scale file: each mistake with its line, why, and how to mend it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from django.utils.translation import gettext as _

from yanglao.entitlement.assessment import rules
from yanglao.entitlement.assessment.scale_file import Domain, Pattern, Scale
from yanglao.kernel.packs import Pack, PackFile, Problem
from yanglao.registers.people.kinds import kinds

LONGEST = 40  # what a circumstance of free text may have
Where = tuple[str | int, ...]
Found = Iterator[tuple[Where, str, str]]  # where in the file, what is wrong, how to mend it


def check(pack: Pack, files: Sequence[PackFile[Any]]) -> Iterator[Problem]:
    """All mistakes of all scale files of a pack."""
    seen: dict[str, str] = {}
    for file in files:
        scale: Scale = file.model
        for where, what, how in problems(scale):
            yield file.problem(list(where), what, how)
        if scale.id in seen:
            what = _("量表 %(id)s 在 %(file)s 里已经有了") % {"id": scale.id, "file": seen[scale.id]}
            yield file.problem(["id"], what, _("换一个 id"))
        seen[scale.id] = file.path


def problems(scale: Scale) -> Found:
    """Everything impossible in one scale."""
    broken = list(_items(scale))
    yield from broken
    if broken:
        return
    if scale.rating == "sum":
        yield from _totals(scale)
    else:
        graded = list(_grades(scale))
        yield from graded
        if not graded:
            yield from _matrix(scale)
    yield from _levels(scale)
    yield from _circumstance(scale)
    yield from _raising(scale)


def _items(scale: Scale) -> Found:
    seen: set[str] = set()
    for d, domain in enumerate(scale.domains):
        for i, item in enumerate(domain.items):
            here: Where = ("domains", d, "items", i)
            if item.code in seen:
                yield (*here, "code"), _("指标 %(code)s 写了两次") % {"code": item.code}, _("改正编号")
            seen.add(item.code)
            if item.max % item.step:
                yield (
                    (*here, "step"),
                    _("%(code)s 的最高分 %(max)d 不是每档 %(step)d 分的整数倍")
                    % {"code": item.code, "max": item.max, "step": item.step},
                    _("改正 max 或 step"),
                )
                continue
            missing = [str(s) for s in item.scores if s not in item.options]
            strange = [str(s) for s in item.options if s not in item.scores]
            if missing:
                yield (
                    (*here, "options"),
                    _("%(code)s 缺少 %(scores)s 分的选项")
                    % {"code": item.code, "scores": "、".join(missing)},
                    _("补上选项，或改正 max、step"),
                )
            if strange:
                yield (
                    (*here, "options"),
                    _("%(code)s 不应有 %(scores)s 分的选项")
                    % {"code": item.code, "scores": "、".join(strange)},
                    _("删去选项，或改正 max、step"),
                )
        total = sum(item.max for item in domain.items)
        if domain.max is not None and domain.max != total:
            yield (
                ("domains", d, "max"),
                _("%(label)s 各项满分合计 %(total)d，不是 %(max)d")
                % {"label": domain.label, "total": total, "max": domain.max},
                _("核对各项的 max"),
            )


def _totals(scale: Scale) -> Found:
    ranges = []
    for n, level in enumerate(scale.levels):
        if level.min is None or level.max is None or level.min > level.max:
            yield (
                ("levels", n),
                _("%(level)d 级没有写对分数范围") % {"level": level.level},
                _("写上 min 和 max"),
            )
            return
        ranges.append((level.min, level.max))
    yield from _covered(ranges, range(scale.most + 1), ("levels",))
    ordered = sorted(scale.levels, key=lambda level: level.min or 0)
    numbers = [level.level for level in ordered]
    if numbers not in (sorted(numbers), sorted(numbers, reverse=True)):
        yield ("levels",), _("等级和总分的次序不一致"), _("总分越高，等级应当一直变轻或一直变重")


def _covered(ranges: Sequence[tuple[int, int]], totals: Sequence[int], where: Where) -> Found:
    """Every total in exactly one range; each run of totals in none or several is said once."""
    counts = [(total, sum(low <= total <= high for low, high in ranges)) for total in totals]
    gaps = [total for total, n in counts if n == 0]
    doubles = [total for total, n in counts if n > 1]
    if gaps:
        yield where, _("%(totals)s 分不在任何一级") % {"totals": _runs(gaps)}, _("让各级的范围首尾相接")
    if doubles:
        yield where, _("%(totals)s 分同时属于两级") % {"totals": _runs(doubles)}, _("让各级的范围不重叠")
    if ranges and max(high for _low, high in ranges) > max(totals):
        yield where, _("范围超出最高分 %(max)d") % {"max": max(totals)}, _("改正最高一档的 max")


def _runs(totals: Sequence[int]) -> str:
    low, high = min(totals), max(totals)
    return str(low) if low == high else f"{low}～{high}"


def _grades(scale: Scale) -> Found:
    keys = [d.key or d.code for d in scale.domains]
    for n, domain in enumerate(scale.domains):
        here: Where = ("domains", n)
        if keys.count(keys[n]) > 1:
            yield here, _("一级指标 %(key)s 写了两次") % {"key": keys[n]}, _("改正 key")
        if (domain.grades and domain.patterns) or not (domain.grades or domain.patterns):
            yield (
                here,
                _("%(label)s 没有写怎样分级") % {"label": domain.label},
                _("写 grades 或 patterns，只写一种"),
            )
        elif domain.grades:
            reachable = _reachable(domain)
            yield from _covered([(g.min, g.max) for g in domain.grades], reachable, (*here, "grades"))
        else:
            yield from _patterns(domain, (*here, "patterns"))


def _reachable(domain: Domain) -> list[int]:
    """Every total the items can come to."""
    totals = {0}
    for item in domain.items:
        totals = {total + score for total in totals for score in item.scores}
    return sorted(totals)


def _patterns(domain: Domain, where: Where) -> Found:
    known = {item.code: item.scores for item in domain.items}
    for n, grade in enumerate(domain.patterns):
        for m, pattern in enumerate(grade.any):
            if strange := _unknown(pattern, known):
                yield (*where, n, "any", m), _("没有指标 %(name)s") % {"name": strange}, _("改正编号")
                return
    for combination in product(*known.values()):
        values = dict(zip(known, combination, strict=True))
        if not any(rules.matches(p, values) for grade in domain.patterns for p in grade.any):
            told = "、".join(f"{code}={score}" for code, score in values.items())
            yield where, _("%(values)s 没有分级") % {"values": told}, _("补上这种情形")
            return


def _unknown(pattern: Pattern, known: Any) -> str:
    names = [*pattern.all, *(pattern.some.of if pattern.some else [])]
    return next((name for name in names if name not in known), "")


def _matrix(scale: Scale) -> Found:
    known = {d.key or d.code: sorted({g.grade for g in (*d.grades, *d.patterns)}) for d in scale.domains}
    levels = {level.level for level in scale.levels}
    for n, cell in enumerate(scale.matrix):
        if cell.level not in levels:
            yield ("matrix", n), _("没有 %(level)d 级") % {"level": cell.level}, _("改正 level")
        for m, pattern in enumerate(cell.any):
            if strange := _unknown(pattern, known):
                yield ("matrix", n, "any", m), _("没有一级指标 %(name)s") % {"name": strange}, _("改正 key")
                return
    for combination in product(*known.values()):
        grades = dict(zip(known, combination, strict=True))
        if not any(rules.matches(p, grades) for cell in scale.matrix for p in cell.any):
            told = "、".join(f"{key}={grade}" for key, grade in grades.items())
            yield ("matrix",), _("%(values)s 没有等级") % {"values": told}, _("补上这种情形")
            return


def _levels(scale: Scale) -> Found:
    numbers = [level.level for level in scale.levels]
    if sorted(numbers) != list(range(len(numbers))):
        yield ("levels",), _("等级应当从 0 起连续编号，每级一次"), _("改正 level")


def _circumstance(scale: Scale) -> Found:
    """The register knows the levels of the house's scales; a city's own never stands for one of them."""
    known = kinds()["ability"].values
    for level in scale.levels if scale.circumstance == "ability" else ():
        if scale.value(level.level) not in known:
            yield (
                ("circumstance",),
                _("能力等级没有 %(value)s 这个值：能力等级只按国家和行业标准的量表，不与本市的量表换算")
                % {"value": scale.value(level.level)},
                _("本市自己的量表写 circumstance: care_level（长期护理失能等级），或不写这一行"),
            )
            return
    if len(scale.value(scale.ceiling)) > LONGEST:
        yield ("id",), _("量表 id 太长"), _("缩短到 %(most)d 个字符以内") % {"most": LONGEST - 2}


def _raising(scale: Scale) -> Found:
    findings = {f.key for f in (*scale.conditions, *scale.diagnoses)}
    items = {item.code: item for item in scale.items()}
    seen: set[str] = set()
    for n, rule in enumerate(scale.raising.rules):
        here: Where = ("raising", "rules", n)
        if rule.id in seen:
            yield here, _("规则 %(id)s 写了两次") % {"id": rule.id}, _("换一个 id")
        seen.add(rule.id)
        if (rule.set is None) == (rule.by is None):
            yield (
                here,
                _("规则 %(id)s 应当写 set 或 raise 之一") % {"id": rule.id},
                _("直接评定写 set，提高写 raise"),
            )
        if rule.set is not None and rule.set not in range(len(scale.levels)):
            yield (*here, "set"), _("没有 %(level)d 级") % {"level": rule.set}, _("改正 set")
        for key in (*rule.conditions, *rule.diagnoses):
            if key not in findings:
                yield (
                    here,
                    _("没有名为 %(key)s 的诊断或情形") % {"key": key},
                    _("先写进 diagnoses 或 conditions"),
                )
        if rule.events is not None and scale.events is None:
            yield (*here, "events"), _("量表没有照护风险事件"), _("写上 events")
        for code, scores in rule.answers.items():
            if code not in items or any(s not in items[code].scores for s in scores):
                yield (
                    (*here, "answers"),
                    _("指标 %(code)s 没有这样的答案") % {"code": code},
                    _("改正编号或分值"),
                )
        if not (rule.conditions or rule.diagnoses or rule.events or rule.answers):
            yield here, _("规则 %(id)s 没有写什么时候成立") % {"id": rule.id}, _("写上诊断、情形、事件或答案")
