"""Every change of comparison: a file comes, is laid out, compared, forgotten; a clue is checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.cases.actions import perform, void
from yanglao.kernel.cases.models import Task
from yanglao.kernel.files.actions import discard, store
from yanglao.kernel.files.models import StoredFile
from yanglao.kernel.jobs import enqueue
from yanglao.kernel.rooms import publish
from yanglao.kernel.scope import everything
from yanglao.registers.comparison.events import ClueConfirmed
from yanglao.registers.comparison.models import Clue, Delivery, Remembered
from yanglao.registers.comparison.reading import Layout, template_for, title_of
from yanglao.registers.comparison.sources import Source, sources_for
from yanglao.registers.people import actions as people
from yanglao.shell.imports.reporting import refusal
from yanglao.shell.sheets import FileRefused

UPLOAD, CHECK = "comparison.upload", "comparison.check"
State = Delivery.State


def source_of(delivery: Delivery) -> Source:
    """The delivery's source; raises ValidationError when it is no longer declared."""
    found = sources_for(delivery.division_id).get(delivery.source)
    if found is None:
        raise ValidationError(_("来源“%(key)s”已不在来源清单里。") % {"key": delivery.source})
    return found


@action("comparison.upload", right=UPLOAD, at=lambda a: (a["division"],))
def upload(
    actor: Actor,
    *,
    source: str,
    division: int,
    as_of: dt.date,
    name: str,
    stream: BinaryIO,
    complete: bool = False,
) -> Delivery:
    """Keep a department's file; nothing is read yet. `as_of`: the day up to which it speaks. Raises ValidationError."""
    declared = sources_for(division).get(source)
    if declared is None:
        raise ValidationError({"source": _("没有这个来源：请从来源清单进入。")})
    if as_of > timezone.localdate():
        raise ValidationError({"as_of": _("数据截止日在今天之后：请核对。")})
    stored = store(actor, name, stream, kind="import", division=division)
    delivery: Delivery = Delivery.objects.create(
        source=source,
        division_id=division,
        as_of=as_of,
        complete=complete and declared.says == "holds",
        file=stored,
        file_name=stored.name,
        sha256=stored.sha256,
        user_id=actor.user_id,
        actor_name=actor.name,
        purge_on=timezone.localdate() + dt.timedelta(days=declared.keep_days),
    )
    note(sha256=stored.sha256, size=stored.size)
    return delivery


@action("comparison.lay_out", right=UPLOAD)
def lay_out(actor: Actor, delivery: Delivery, layout: Layout, *, start: bool = True) -> None:
    """Settle which column is which, remember it for the source's next file, and have the file compared.

    Raises ValidationError naming the column that is missing.
    """
    source = source_of(delivery)
    check_layout(source, layout)
    _move(delivery, (State.UPLOADED,), State.MATCHING, layout=layout.as_data())
    Remembered.objects.update_or_create(
        division_id=delivery.division_id,
        source=delivery.source,
        signature=layout.signature,
        defaults={"layout": layout.as_data(), "used_at": timezone.now()},
    )
    note(columns=sorted(layout.columns))
    if start:
        from yanglao.registers.comparison import tasks  # tasks call actions

        run = enqueue(actor, tasks.compare_file, key=f"comparison:{delivery.pk}", delivery_id=delivery.pk)
        Delivery.objects.filter(pk=delivery.pk).update(run=run)


def check_layout(source: Source, layout: Layout) -> None:
    """What a file cannot do without: who, and where the source leaves it open, what."""
    if not {"id_number", "name"} & set(layout.columns):
        raise ValidationError(_("请指明哪一列是身份证号或姓名：没有它们就对不上人。"))
    if not source.value and "value" not in layout.columns:
        raise ValidationError(_("请指明哪一列是“%(title)s”。") % {"title": title_of(source, "value")})
    twice = len(set(layout.columns.values())) != len(layout.columns)
    if twice:
        raise ValidationError(_("同一列选了两次：每一项请选不同的列。"))
    template_for(source)


def _move(delivery: Delivery, allowed: tuple[str, ...], state: str, **values: Any) -> None:
    """From one of the allowed states to another, by compare-and-set: two clicks are one change."""
    if not Delivery.objects.filter(pk=delivery.pk, state__in=allowed).update(state=state, **values):
        delivery.refresh_from_db()
        raise ValidationError(
            _("这个文件现在是“%(state)s”，不能这样操作；请刷新页面看最新情况。")
            % {"state": delivery.get_state_display()}
        )
    for name, value in {"state": state, **values}.items():
        setattr(delivery, name, value)


@action("comparison.refuse", right=UPLOAD)
def refuse(actor: Actor, delivery: Delivery, refused: FileRefused) -> None:
    """The file cannot be read as it was laid out."""
    _move(delivery, (State.MATCHING,), State.FAILED, report=refusal(refused), done_at=timezone.now())
    note(what=str(refused.problem.what))


@action("comparison.finish", right=UPLOAD)
def finish(actor: Actor, delivery: Delivery, report: dict[str, Any], marked: StoredFile | None) -> None:
    """All rows are accounted for."""
    _move(delivery, (State.MATCHING,), State.DONE, report=report, marked=marked, done_at=timezone.now())
    delivery.refresh_from_db()
    note(rows=delivery.rows, matched=delivery.matched, news=delivery.news, absent=delivery.absent)


@action("comparison.vouch", right=UPLOAD)
def vouch(actor: Actor, delivery: Delivery) -> None:
    """The list is complete indeed, however many it leaves out: whom it leaves out are clues. Raises ValidationError."""
    held = delivery.report.get("absent_held", 0)
    if not held or delivery.file is None:
        raise ValidationError(_("这个文件没有等待确认的名单，或文件已按保存期限删除。"))
    Delivery.objects.filter(pk=delivery.pk).update(report={**delivery.report, "absent_held": 0})
    delivery.refresh_from_db()
    note(absent=held)
    from yanglao.registers.comparison import tasks  # tasks call actions

    enqueue(actor, tasks.list_absent, key=f"comparison absent:{delivery.pk}", delivery_id=delivery.pk)


@action("comparison.cancel", right=UPLOAD)
def cancel(actor: Actor, delivery: Delivery) -> None:
    """Give a file up that was not compared; its content goes at once."""
    states: tuple[str, ...] = (State.UPLOADED, State.FAILED)
    if delivery.stuck:
        states += (State.MATCHING,)
    _move(delivery, states, State.CANCELLED, done_at=timezone.now())
    _forget(delivery)


@action("comparison.again", right=UPLOAD)
def again(actor: Actor, delivery: Delivery) -> None:
    """Lay a file out anew that could not be read as it was laid out."""
    _move(delivery, (State.FAILED,), State.UPLOADED, report={})


@action("comparison.download", right=UPLOAD)
def download(actor: Actor, delivery: Delivery, what: str) -> StoredFile:
    """The stored file `original` or `marked`: both hold personal data, so taking them is recorded."""
    stored = delivery.marked if what == "marked" else delivery.file
    if stored is None:
        raise ValidationError(_("文件已按保存期限删除，只保留统计。"))
    note(file=what)
    return stored


@action("comparison.purge", right=UPLOAD, at=lambda a: ())
def purge(actor: Actor, *, on: dt.date | None = None) -> int:
    """Delete the files whose time is over, also those of persons who are in no register; the accounting stays."""
    day = on or timezone.localdate()
    with everything("files are kept no longer than the rule says"):
        due = Delivery.objects.filter(purge_on__lte=day, purged_at=None).exclude(state=State.MATCHING)
        found = list(due.select_related("file", "marked").order_by("pk"))
        for delivery in found:
            if delivery.state == State.UPLOADED:
                Delivery.objects.filter(pk=delivery.pk).update(state=State.CANCELLED, done_at=timezone.now())
            _forget(delivery)
    note(files=len(found))
    return len(found)


def _forget(delivery: Delivery) -> None:
    stored = [file for file in (delivery.file, delivery.marked) if file is not None]
    Delivery.objects.filter(pk=delivery.pk).update(file=None, marked=None, purged_at=timezone.now())
    delivery.file = delivery.marked = None
    for file in stored:
        discard(file)


# --- clues ------------------------------------------------------------------------------------------------------


@action("comparison.confirm", right=CHECK)
def confirm(
    actor: Actor,
    clue: Clue,
    *,
    how: str = "",
    reason: str = "",
    on: dt.date | None = None,
    value: str = "",
    attachment: Any = None,
) -> Clue:
    """The clue is true: the fact is recorded in the same transaction, with the source and the evidence.

    `how`: the way it was checked (a choice of the process); `on`, `value`: what was found out where it differs
    from the file; `attachment`: an uploaded file that proves it. Raises ValidationError; Forbidden for one at whose
    desk it does not lie.
    """
    answers = {"how": how, "on": on, "value": value, "remark": reason.strip()}
    evidence = None
    if attachment:
        evidence = store(actor, attachment.name, attachment, kind="document", division=clue.division_id)
    if _by_case(actor, clue, "confirm", answers, reason, [("", evidence)] if evidence else []):
        return clue
    return settle(actor, clue, "confirm", answers, reason, evidence.pk if evidence else None)


@action("comparison.dismiss", right=CHECK)
def dismiss(actor: Actor, clue: Clue, *, verdict: str, reason: str) -> Clue:
    """The clue is not true; the same row of a later file is not raised again. Raises ValidationError, Forbidden."""
    if verdict not in Clue.Verdict.values or not verdict:
        raise ValidationError({"verdict": _("请选择结论。")})
    if not reason.strip():
        raise ValidationError({"reason": _("请写明理由：怎样核实的、结果如何。")})
    answers = {"verdict": verdict}
    if _by_case(actor, clue, "dismiss", answers, reason, []):
        return clue
    return settle(actor, clue, "dismiss", answers, reason)


def _by_case(
    actor: Actor, clue: Clue, outcome: str, answers: dict[str, Any], reason: str, files: list[Any]
) -> bool:
    """Perform the step of the clue's case, whose end comes back to `settle`; False for a clue without a case."""
    if clue.state != Clue.State.OPEN:
        raise ValidationError(_("这条线索已经处理过：请刷新页面查看结果。"))
    task = open_task(clue)
    if task is None:
        return False
    given = {name: value for name, value in answers.items() if value not in ("", None)}
    perform(actor, task, outcome=outcome, data=given, reason=reason.strip(), files=files)
    clue.refresh_from_db()
    return True


def open_task(clue: Clue) -> Task | None:
    """What waits at somebody's desk about a clue."""
    if clue.case_id is None:
        return None
    with everything("who sees a clue sees its case"):
        found = Task.objects.filter(case_id=clue.case_id, state=Task.State.OPEN).select_related("desk")
        return found.order_by("pk").first()


@action("comparison.settle", right=CHECK)
def settle(
    actor: Actor,
    clue: Clue,
    outcome: str,
    answers: Mapping[str, Any],
    reason: str = "",
    evidence: int | None = None,
) -> Clue:
    """What was found out, by whichever page it came: a fact on the person's file, or a dismissal to remember."""
    if outcome == "dismiss":
        verdict = str(answers.get("verdict") or Clue.Verdict.OTHER)
        _settle(actor, clue, Clue.State.DISMISSED, verdict=verdict, reason=reason.strip()[:400])
        note(source=clue.source, kind=clue.kind, verdict=verdict)
        return clue
    day = _day(answers.get("on")) or clue.on
    if day is None:
        raise ValidationError({"on": _("来源没有写日期：请填写核实到的日期。")})
    _settle(actor, clue, Clue.State.CONFIRMED, reason=str(answers.get("remark") or reason).strip()[:400])
    note(source=clue.source, kind=clue.kind, on=day.isoformat())
    value = str(answers.get("value") or clue.value)
    _record(actor, clue, value, day, evidence)
    publish(ClueConfirmed(clue.pk, clue.person_id, clue.says, clue.kind, value, day))
    return clue


def _day(given: Any) -> dt.date | None:
    return dt.date.fromisoformat(given) if isinstance(given, str) and given else given or None


def _record(actor: Actor, clue: Clue, value: str, day: dt.date, evidence: int | None) -> None:
    """The fact, by the same actions a clerk's form calls."""
    ground = _("%(source)s比对（线索%(pk)s）") % {"source": clue.source_name, "pk": clue.pk}
    person = clue.person
    if clue.says == "death":
        people.report_death(actor, person, on=day, source=ground, how=value, evidence_id=evidence)
    elif clue.says == "ends":
        people.end(actor, person, kind=clue.kind, value=value, on=day, source=ground)
    else:
        until = clue.until if clue.until and clue.until > day else None
        people.record(
            actor,
            person,
            kind=clue.kind,
            value=value,
            valid_from=day,
            valid_to=until,
            source=ground,
            evidence_id=evidence,
        )


@action("comparison.agree", right=CHECK)
def agree(actor: Actor, clue: Clue) -> Clue:
    """The register says the same by now, by another way: nothing is left to check."""
    _settle(actor, clue, Clue.State.AGREED)
    if open_task(clue) is not None and clue.case is not None:
        void(Actor.system(actor.name, actor.via), clue.case, reason=_("档案已与来源一致，无需再核实"))
    return clue


def _settle(actor: Actor, clue: Clue, state: str, **values: Any) -> None:
    """From open to settled, by compare-and-set."""
    values |= {
        "state": state,
        "settled_at": timezone.now(),
        "settled_by_id": actor.user_id,
        "settled_by": actor.name,
    }
    with everything("the clue an action holds"):
        if not Clue.objects.filter(pk=clue.pk, state=Clue.State.OPEN).update(**values):
            raise ValidationError(_("这条线索已经处理过：请刷新页面查看结果。"))
    for name, value in values.items():
        setattr(clue, name, value)


@action("comparison.reveal", right="people.reveal")
def reveal(actor: Actor, clue: Clue, *, purpose: str) -> str:
    """The source's row in clear, as JSON pairs of heading and text; recorded like any reading of the person."""
    if not purpose.strip():
        raise ValidationError({"purpose": _("请写明查阅用途：它会留在查阅记录中，老人本人可以查询。")})
    people.log_looks(actor, [clue.person_id], fields=["clue"], purpose=purpose.strip())
    note(purpose=purpose.strip())
    return str(clue.row.reveal())
