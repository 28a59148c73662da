"""Everything a process file may promise and could never keep. Pure: the file and the roles there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from yanglao.kernel.cases.rules import BUILT_IN, targets
from yanglao.kernel.cases.schema import Duty, FormField, Outcome, Process, Step, Who

Where = tuple[str | int, ...]
NEEDED = ("cases.view", "cases.work")  # rights without which a role can perform nothing


class KnownRole(Protocol):
    @property
    def rights(self) -> frozenset[str]: ...
    @property
    def levels(self) -> tuple[int, ...]: ...


Roles = Mapping[str, KnownRole]


@dataclass(frozen=True)
class Finding:
    """One impossibility: where in the file, what is wrong, how to mend it."""

    where: Where
    what: str
    how: str


def check(process: Process, roles: Roles) -> Iterator[Finding]:
    """Every impossibility of the process; nothing when it can be run."""
    shape = [*_names(process), *_steps(process, roles), *_targets(process)]
    yield from shape
    if not any(finding.where[:1] == ("start",) for finding in shape):
        yield from _ways(process)
    yield from _separation(process)
    yield from _objection(process)
    yield from _form(("form",), process.form)
    yield from _papers(("documents",), [paper.name for paper in process.documents])


# --- names and targets -------------------------------------------------------------------------------------------


def _names(process: Process) -> Iterator[Finding]:
    for name in process.steps.keys() & process.results.keys():
        what = _("“%(name)s”既是步骤又是结果") % {"name": name}
        yield Finding(("results", name), what, _("改一个名字，outcomes 里的 then 才说得清去哪里"))
    for name in BUILT_IN & (process.results.keys() | process.steps.keys()):
        what = _("“%(name)s”是系统自带的结果（撤回、作废）") % {"name": name}
        where = "results" if name in process.results else "steps"
        yield Finding((where, name), what, _("换一个名字；允许申请人撤回请写 withdraw: true"))
    if not process.results:
        yield Finding(("results",), _("没有写任何结果"), _("至少写一个结果，如 granted: 予以批准"))
    if process.start not in process.steps:
        yield Finding(("start",), _("没有名为“%(name)s”的步骤") % {"name": process.start}, _known(process))


def _known(process: Process) -> str:
    return _("可以写的有：%(known)s") % {"known": "、".join([*process.steps, *process.results])}


def _targets(process: Process) -> Iterator[Finding]:
    known = process.steps.keys() | process.results.keys()
    for name, step in process.steps.items():
        for way, target in targets(step).items():
            where: Where = ("steps", name, way)
            if step.kind == "task":
                where = ("steps", name, "outcomes", way, "then")
            if target not in known:
                what = _("去向“%(target)s”不是步骤也不是结果") % {"target": target}
                yield Finding(where, what, _known(process))
            elif way == "objection" and target in process.results:
                yield Finding(
                    where, _("公示异议不能直接变成结果"), _("objection 写成复核的步骤，由人核实后再定")
                )


# --- each step ---------------------------------------------------------------------------------------------------


def _steps(process: Process, roles: Roles) -> Iterator[Finding]:
    for name, step in process.steps.items():
        yield from _one_kind(name, step)
        if step.kind == "publicity":
            yield from _publicity(name, step)
        elif step.kind == "parallel":
            yield from _parallel(name, step)
        elif step.publicity is None and not step.outcomes:
            what = _("步骤“%(name)s”没有出口，办件到此走不下去") % {"name": step.name}
            yield Finding(("steps", name), what, _("写上 outcomes，每个结果写明 then 去哪里"))
        for branch, duty in step.duties():
            where: Where = ("steps", name, "branches", branch) if branch else ("steps", name)
            yield from _duty(process, where, duty, roles, branch=bool(branch))


def _one_kind(name: str, step: Step) -> Iterator[Finding]:
    """A step is a task, a parallel step or a publicity period; keys of another kind would say nothing."""
    task = {"who", "days", "outcomes", "notice", "overdue", "form", "documents", "late", "remind"}
    meant = {
        "task": {"branches", "join", "wait", "distinct", "publicity", "then", "otherwise", "objection"},
        "parallel": task | {"publicity", "objection"},
        "publicity": task | {"branches", "join", "wait", "distinct", "otherwise"},
    }[step.kind]
    words = {"task": _("办理步骤"), "parallel": _("并联步骤"), "publicity": _("公示步骤")}
    for key in sorted(meant & step.model_fields_set):
        what = _("“%(key)s”不能写在%(kind)s里") % {"key": key, "kind": words[step.kind]}
        yield Finding(("steps", name, key), what, _("删去这一项，或另写一个步骤"))


def _publicity(name: str, step: Step) -> Iterator[Finding]:
    where: Where = ("steps", name)
    if not step.then:
        yield Finding(where, _("公示期满后没有去向"), _("写上 then：期满无异议去哪一步或得到什么结果"))
    if not step.objection:
        yield Finding(where, _("公示没有写异议去向"), _("写上 objection：收到异议后由哪一步复核"))


def _parallel(name: str, step: Step) -> Iterator[Finding]:
    where: Where = ("steps", name)
    if step.join is None:
        what = _("并联步骤“%(name)s”没有写怎样汇合") % {"name": step.name}
        yield Finding(where, what, _("写 join: all（全部同意）、any（一家同意）或一个数（几家同意）"))
    elif isinstance(step.join, int) and step.join > len(step.branches):
        what = _("要求 %(n)s 家同意，但只有 %(m)s 家") % {"n": step.join, "m": len(step.branches)}
        yield Finding(("steps", name, "join"), what, _("改小 join，或增加 branches"))
    for key in ("then", "otherwise"):
        if not getattr(step, key):
            what = _("并联步骤“%(name)s”没有写 %(key)s") % {"name": step.name, "key": key}
            yield Finding(where, what, _("then 写同意后的去向，otherwise 写不同意后的去向"))


def _duty(process: Process, where: Where, duty: Duty, roles: Roles, *, branch: bool) -> Iterator[Finding]:
    if duty.who is None:
        yield Finding(where, _("没有写由谁办理"), _("写上 who：角色 role 和区划级别 level"))
    else:
        yield from _who((*where, "who"), process, duty.who, roles)
    if duty.days is None:
        yield Finding(where, _("没有写办理时限"), _("写上 days：几个工作日内办结"))
    elif duty.remind is not None and duty.remind >= duty.days:
        what = _("提醒日（提前 %(remind)s 个工作日）不在办理时限之内") % {"remind": duty.remind}
        yield Finding((*where, "remind"), what, _("写得比 days 小"))
    yield from _late(where, process, duty, roles)
    yield from _outcomes(where, duty, branch=branch)
    yield from _form((*where, "form"), duty.form)
    yield from _papers((*where, "documents"), [paper.name for paper in duty.documents])


def _who(where: Where, process: Process, who: Who, roles: Roles) -> Iterator[Finding]:
    if not who.all_roles:
        yield Finding(where, _("没有写角色，谁也办不了"), _("写上 role 或 roles"))
    for name in who.all_roles:
        role = roles.get(name)
        if role is None:
            known = _("可以写的有：%(known)s") % {"known": "、".join(roles)}
            yield Finding(where, _("没有名为“%(name)s”的角色") % {"name": name}, known)
        elif who.level != "own" and who.level not in role.levels:
            what = _("角色“%(name)s”不在第 %(level)s 级区划任职，谁也办不了") % {
                "name": name,
                "level": who.level,
            }
            levels = "、".join(map(str, role.levels))
            yield Finding(where, what, _("level 只能是：%(levels)s") % {"levels": levels})
        elif lacking := [right for right in NEEDED if right not in role.rights]:
            what = _("角色“%(name)s”没有权限 %(rights)s，谁也办不了") % {
                "name": name,
                "rights": "、".join(lacking),
            }
            yield Finding(where, what, _("在 standards/roles.yaml 给这个角色加上权限，或换一个角色"))
    if who.same_as and who.same_as not in process.steps:
        what = _("没有名为“%(name)s”的步骤") % {"name": who.same_as}
        yield Finding((*where, "same_as"), what, _known(process))


def _late(where: Where, process: Process, duty: Duty, roles: Roles) -> Iterator[Finding]:
    before = -1
    for index, level in enumerate(duty.late):
        here: Where = (*where, "late", index)
        if level.days <= before:
            yield Finding(here, _("逾期升级的天数没有递增"), _("按先后写：后一级的 days 要大于前一级"))
        before = level.days
        yield from _who((*here, "to"), process, level.to, roles)


def _outcomes(where: Where, duty: Duty, *, branch: bool) -> Iterator[Finding]:
    if branch and not duty.outcomes:
        yield Finding(where, _("并联的一家没有写 outcomes"), _("写明同意（agrees: true）和不同意"))
    for name, outcome in duty.outcomes.items():
        yield from _outcome((*where, "outcomes", name), outcome, branch=branch)
    if branch and duty.outcomes and len({o.agrees for o in duty.outcomes.values()}) < 2:
        yield Finding((*where, "outcomes"), _("这一家只能有一种意见"), _("同意、不同意各写一个"))
    by_itself: dict[Where, str | None] = {("overdue",): duty.overdue}
    if duty.notice:
        by_itself["notice", "otherwise"] = duty.notice.otherwise
    for key, outcome_name in by_itself.items():
        if outcome_name and outcome_name not in duty.outcomes:
            what = _("没有名为“%(name)s”的办理结果") % {"name": outcome_name}
            known = _("可以写的有：%(known)s") % {"known": "、".join(duty.outcomes)}
            yield Finding((*where, *key), what, known)
        elif outcome_name and duty.outcomes[outcome_name].times:
            what = _("到期自动得出的结果不能限制次数")
            yield Finding((*where, *key), what, _("删去该结果的 times，或换一个结果"))


def _outcome(where: Where, outcome: Outcome, *, branch: bool) -> Iterator[Finding]:
    if branch and (outcome.agrees is None or outcome.then):
        yield Finding(where, _("并联的意见要写 agrees，不写 then"), _("写 agrees: true 或 false"))
    if not branch and (outcome.then is None or outcome.agrees is not None):
        yield Finding(
            where, _("办理结果要写 then，不写 agrees"), _("then 写去哪一步，或 results 里的一个结果")
        )
    if branch and outcome.times:
        yield Finding((*where, "times"), _("并联的意见不能限制次数"), _("删去 times"))


# --- forms and papers --------------------------------------------------------------------------------------------


def _form(where: Where, form: tuple[FormField, ...]) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, field in enumerate(form):
        here: Where = (*where, index)
        if field.name in seen:
            yield Finding(here, _("表单项“%(name)s”写了两次") % {"name": field.name}, _("留下一个，或改名"))
        seen.add(field.name)
        chosen = field.type in ("choice", "choices")
        if chosen and not field.choices:
            yield Finding(here, _("选择项没有写可选的内容"), _("写上 choices，如 yes: 是"))
        if field.choices and not chosen:
            yield Finding(
                (*here, "choices"), _("只有选择项才写 choices"), _("把 type 改为 choice 或 choices")
            )
        if field.min is not None and field.max is not None and field.min > field.max:
            yield Finding(here, _("最小值大于最大值"), _("调换 min 和 max"))


def _papers(where: Where, names: list[str]) -> Iterator[Finding]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Finding((*where, index), _("材料“%(name)s”写了两次") % {"name": name}, _("留下一个"))


# --- ways through ------------------------------------------------------------------------------------------------


def _ways(process: Process) -> Iterator[Finding]:
    reached = _reached(process)
    for name, step in process.steps.items():
        if name not in reached:
            what = _("步骤“%(name)s”走不到") % {"name": step.name}
            yield Finding(("steps", name), what, _("让某一步的 then 指向它，或删去"))
    ending = _ending(process)
    for name, step in process.steps.items():
        if name in reached and name not in ending and targets(step):
            what = _("从“%(name)s”出发只能兜圈子，永远办不结") % {"name": step.name}
            how = _("让圈子里的某一步有不限次数的出口，通向 results 里的结果")
            yield Finding(("steps", name), what, how)
    gained = {target for name in reached for target in targets(process.steps[name]).values()}
    for result in process.results:
        if result not in gained:
            what = _("结果“%(name)s”得不到") % {"name": process.results[result]}
            yield Finding(("results", result), what, _("让某一步的 then 指向它，或删去"))


def _reached(process: Process) -> set[str]:
    """Steps that can be come to from the start, or by an objection to the result."""
    reached: set[str] = set()
    todo = [process.start, *([process.objection.to] if process.objection else [])]
    while todo:
        name = todo.pop()
        if name in process.steps and name not in reached:
            reached.add(name)
            todo.extend(targets(process.steps[name]).values())
    return reached


def _ending(process: Process) -> set[str]:
    """Steps from which a result can be come to by ways that never run out."""
    ending: set[str] = set(process.results)
    while more := {
        name
        for name, step in process.steps.items()
        if name not in ending and any(target in ending for target in _lasting(step))
    }:
        ending |= more
    return ending


def _lasting(step: Step) -> Iterator[str]:
    for way, target in targets(step).items():
        if way not in step.outcomes or step.outcomes[way].times is None:
            yield target


# --- separation and objection ------------------------------------------------------------------------------------


def _separation(process: Process) -> Iterator[Finding]:
    for index, pair in enumerate(process.separate):
        here: Where = ("separate", index)
        first, second = (process.steps.get(name) for name in pair.steps)
        for name, step in zip(pair.steps, (first, second), strict=True):
            if step is None:
                yield Finding(here, _("没有名为“%(name)s”的步骤") % {"name": name}, _known(process))
            elif step.kind == "publicity":
                yield Finding(here, _("公示没有经办人，不能要求分离"), _("改写成公示前后的步骤"))
        if pair.steps[0] == pair.steps[1]:
            yield Finding(here, _("同一步骤不能与自己分离"), _("写两个不同的步骤"))
        elif first and second:
            yield from _separable(process, here, pair.steps, organisation=pair.organisation)


def _separable(
    process: Process, here: Where, names: tuple[str, str], *, organisation: bool
) -> Iterator[Finding]:
    """One who must perform both, or two steps that only one organisation can perform."""
    one, other = names
    for _own, duty in process.steps[other].duties():
        if duty.who and duty.who.same_as == one:
            yield Finding(here, _("要求分离的两步又指定由同一人办理"), _("删去 same_as，或删去这条分离要求"))
    for _own, duty in process.steps[one].duties():
        if duty.who and duty.who.same_as == other:
            yield Finding(here, _("要求分离的两步又指定由同一人办理"), _("删去 same_as，或删去这条分离要求"))
    if organisation and _offices(process.steps[one]) & _offices(process.steps[other]):
        what = _("两步由同一级区划的同一单位办理，不可能由两个单位分开办")
        yield Finding(here, what, _("给其中一步另写 level 或 department，或去掉 organisation"))


def _offices(step: Step) -> set[tuple[int | str, str, str]]:
    return {
        (duty.who.level, duty.who.department.kind or "", duty.who.department.name)
        for _branch, duty in step.duties()
        if duty.who
    }


def _objection(process: Process) -> Iterator[Finding]:
    objection = process.objection
    if objection is None:
        return
    if objection.to not in process.steps:
        yield Finding(
            ("objection", "to"), _("没有名为“%(name)s”的步骤") % {"name": objection.to}, _known(process)
        )
    elif process.steps[objection.to].kind == "publicity":
        yield Finding(("objection", "to"), _("异议不能回到公示"), _("写一个由人复核的步骤"))
    for index, result in enumerate(objection.results):
        if result not in process.results:
            what = _("没有名为“%(name)s”的结果") % {"name": result}
            known = _("可以写的有：%(known)s") % {"known": "、".join(process.results)}
            yield Finding(("objection", "results", index), what, known)
