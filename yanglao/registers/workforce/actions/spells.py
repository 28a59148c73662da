"""Hiring, changing post, leaving."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.rooms import publish
from yanglao.registers.workforce import checks
from yanglao.registers.workforce.checks import Employer
from yanglao.registers.workforce.events import WorkerHired, WorkerLeft
from yanglao.registers.workforce.models import Employment, Worker
from yanglao.registers.workforce.recording import employer_columns, lock, project

TERMS = ("post", "title", "full_time", "contract", "contract_until", "insured", "pay")


@action("workforce.hire", right="workforce.edit", at=lambda a: (a["employer"],))
def hire(
    actor: Actor,
    worker: Worker,
    *,
    employer: Employer,
    post: str,
    starts: dt.date,
    source: str,
    ends: dt.date | None = None,
    left: str = "",
    **terms: Any,
) -> Employment:
    """A spell of employment begins; `terms`: title, full_time, contract, contract_until, insured, pay.

    The right is asked at the employer: one may hire whom another employs, in part time or when he left there.
    Raises ValidationError with code "overlap" for a second full-time post on the same day.
    """
    lock(worker)
    spell = Employment(
        worker=worker,
        post=post,
        starts=starts,
        ends=ends,
        left=left if ends else "",
        source=source[:100],
        **employer_columns(employer),
        **_terms(terms),
    )
    _enter(spell)
    publish(WorkerHired(worker.pk, spell.pk, spell.place_id, spell.starts))
    return spell


def _terms(terms: dict[str, Any]) -> dict[str, Any]:
    if unknown := terms.keys() - set(TERMS):
        raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
    return {key: "" if value is None and key != "contract_until" else value for key, value in terms.items()}


def _enter(spell: Employment, besides: int | None = None) -> None:
    checks.spell(spell, besides)
    spell.save()
    project(spell.worker)


@action("workforce.end", right="workforce.edit")
def end(actor: Actor, spell: Employment, *, on: dt.date, left: str) -> Employment:
    """He leaves: `on` is the first day he no longer works there. Raises ValidationError."""
    _held(spell)
    if left not in Employment.Left.values:
        raise ValidationError({"left": _("请选择离职原因。")})
    if on <= spell.starts:
        raise ValidationError({"on": _("离职日期应晚于入职日期%(day)s：请核对。") % {"day": spell.starts}})
    if spell.ends is not None and spell.ends <= on:
        raise ValidationError(
            {"on": _("这段任职已于%(day)s结束：日期有误请用“更正”。") % {"day": spell.ends}}
        )
    spell.ends, spell.left = on, left
    spell.save(update_fields=["ends", "left"])
    project(spell.worker)
    publish(WorkerLeft(spell.worker_id, spell.pk, spell.place_id, on, left))
    return spell


def _held(spell: Employment) -> None:
    lock(spell.worker)
    checks.still_known(spell)


@action("workforce.change", right="workforce.edit")
def change(actor: Actor, spell: Employment, *, on: dt.date, source: str, **terms: Any) -> Employment:
    """His post or its terms change at the same employer: this spell ends on that day and another begins.

    `terms` as in `hire`, with `post`; what is not given stays. Raises ValidationError.
    """
    employer = spell.employer
    return _follow(actor, spell, on, "changed", employer, source, terms)


@action("workforce.transfer", right="workforce.edit")
def transfer(
    actor: Actor, spell: Employment, *, to: Employer, on: dt.date, source: str, **terms: Any
) -> Employment:
    """He goes over to another employer, whose records the actor must be allowed to keep too.

    Raises ValidationError, Forbidden.
    """
    actor.require("workforce.edit", to)
    if to == spell.employer:
        raise ValidationError({"to": _("仍在同一单位：请用“变更岗位”。")})
    return _follow(actor, spell, on, "transferred", to, source, terms)


def _follow(
    actor: Actor, spell: Employment, on: dt.date, left: str, to: Any, source: str, terms: dict[str, Any]
) -> Employment:
    if spell.ends is not None and spell.ends <= on:
        raise ValidationError({"on": _("这段任职已于%(day)s结束：请登记新的任职。") % {"day": spell.ends}})
    until, why = spell.ends, spell.left
    kept = {name: getattr(spell, name) for name in TERMS}
    given = {name: value for name, value in terms.items() if value is not None}
    end(actor, spell, on=on, left=left)
    return hire(
        actor, spell.worker, employer=to, starts=on, ends=until, left=why, source=source, **{**kept, **given}
    )


@action("workforce.amend", right="workforce.edit")
def amend(actor: Actor, spell: Employment, *, reason: str, **fields: Any) -> Employment:
    """Correct a spell: what was recorded stays to be asked for, the corrected row takes its place.

    `fields`: starts, ends, left and the terms of `hire`; what is not given stays. Raises ValidationError.
    """
    said = checks.reason(reason)
    _held(spell)
    allowed = {"starts", "ends", "left", *TERMS}
    if unknown := fields.keys() - allowed:
        raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
    now = timezone.now()
    kept = {name: getattr(spell, name) for name in allowed}
    row = Employment(
        worker=spell.worker,
        place=spell.place,
        operator=spell.operator,
        organisation=spell.organisation,
        division_id=spell.division_id,
        source=spell.source,
        recorded_at=now,
        **{**kept, **fields},
    )
    if row.ends is None:
        row.left = ""
    checks.spell(row, besides=spell.pk)
    _replace(spell, now)
    _enter(row, besides=spell.pk)
    note(reason=said, fields=sorted(f for f in fields if fields[f] != kept[f]))
    return row


def _replace(spell: Employment, now: dt.datetime) -> None:
    spell.replaced_at = now
    spell.save(update_fields=["replaced_at"])


@action("workforce.withdraw", right="workforce.edit")
def withdraw(actor: Actor, spell: Employment, *, reason: str) -> Employment:
    """He never worked there: the row stays to be asked for, and counts no more. Raises ValidationError."""
    said = checks.reason(reason)
    _held(spell)
    _replace(spell, timezone.now())
    project(spell.worker)
    note(reason=said)
    return spell
