"""Every change of tables: counting for a day, filling in, closing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from yanglao.kernel import bulk
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.audit.action import action, note
from yanglao.kernel.divisions.models import Division
from yanglao.kernel.jobs.actions import enqueue
from yanglao.kernel.jobs.models import JobRun
from yanglao.kernel.scope import Level, everything
from yanglao.steering.tables import queries
from yanglao.steering.tables.models import Counting, Number, Sheet
from yanglao.steering.tables.rules import broken
from yanglao.steering.tables.schema import TableFile, tables

MOST = Decimal(10) ** 15


def _nowhere(arguments: dict[str, Any]) -> tuple[int, ...]:
    return ()


def _place(arguments: dict[str, Any]) -> tuple[int, ...]:
    return (arguments["division"],)


@action("tables.count", right="tables.manage", at=_nowhere)
def keep(actor: Actor, *, on: dt.date, counts: Mapping[str, Mapping[int, Fraction]]) -> int:
    """Keep what was counted for a day (`counting.count`: measure → place → number); returns how many rows.

    Counting stands outside, so that nobody waits for it. Asked again, the numbers are replaced.
    """
    places = set(Division.objects.filter(level__lte=Level.STREET).values_list("code", flat=True))
    with everything("numbers of tables are kept for all places"):
        rows = sum(_keep(name, on, totals, places) for name, totals in counts.items())
    note(on=on.isoformat(), measures=len(counts), rows=rows)
    return rows


def _keep(name: str, on: dt.date, totals: Mapping[int, Fraction], places: set[int]) -> int:
    counting, _new = Counting.objects.update_or_create(
        measure=name, on=on, defaults={"counted_at": timezone.now()}
    )
    Number.objects.filter(counting=counting).delete()
    rows = [(counting.pk, code, _decimal(number)) for code, number in totals.items() if code in places]
    return bulk.insert(Number, ("counting_id", "division_id", "number"), rows)


def _decimal(number: Fraction) -> str:
    """Four places, as the column keeps it; a text, which both databases take as a number."""
    return str((Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal("0.0001")))


@action("tables.ask", right="tables.manage", at=_nowhere)
def count_later(actor: Actor, *, on: dt.date) -> JobRun:
    """Have a day counted in the background. Raises ValidationError for a day that has not come."""
    from yanglao.steering.tables.tasks import count_day  # the job calls the action above

    if on > timezone.localdate():
        raise ValidationError({"on": _("统计日不能晚于今天。")})
    note(on=on.isoformat())
    return enqueue(actor, count_day, on=on.isoformat())


@action("tables.fill", right="tables.fill", at=_place)
def fill(
    actor: Actor,
    *,
    table: str,
    division: int,
    on: dt.date,
    typed: Mapping[str, Decimal | None],
    remark: str = "",
    close: bool = False,
) -> Sheet:
    """Save what no register knows of a unit's table, or close it 定稿: its numbers are kept as they are then.

    Filling in after it was closed begins the next version. Raises ValidationError when a row is not one to be
    typed, the day was not counted, a row is open, or a check fails without a remark.
    """
    file = tables()[table]
    asked = {item.code for item in file.items if item.typed}
    if strangers := sorted(typed.keys() - asked):
        raise ValidationError(_("这些行不是填报项：%(codes)s") % {"codes": "、".join(strangers)})
    kept = {code: n for code, n in typed.items() if n is not None}
    if wrong := sorted(code for code, n in kept.items() if not 0 <= n < MOST):
        raise ValidationError(
            {code: _("请填 0 或正数，最多 15 位整数。") for code in wrong}
            | {"__all__": _("有的数不能采用。")}
        )
    sheet = _draft(table, division, on)
    sheet.table_version, sheet.remark, sheet.filled_by = file.version, remark.strip(), actor.name
    sheet.typed = {code: format(number.normalize(), "f") for code, number in kept.items()}
    if close:
        _close(sheet, file)
    sheet.save()
    note(table=table, on=on.isoformat(), version=sheet.version, typed=len(kept), closed=close)
    return sheet


def _draft(table: str, division: int, on: dt.date) -> Sheet:
    last = Sheet.objects.filter(table=table, division_id=division, on=on).order_by("-version").first()
    if last is not None and last.state == Sheet.DRAFT:
        return last
    number = last.version + 1 if last else 1
    return Sheet(table=table, division_id=division, on=on, version=number)


def _close(sheet: Sheet, file: TableFile) -> None:
    figures = queries.reckoned(file, sheet.division_id, sheet.on, queries.typed_numbers(sheet))
    lacking = [item for item in file.items if item.share is None and figures[item.code].number is None]
    if lacking:
        words = {"rows": "、".join(f"{item.code} {item}" for item in lacking)}
        raise ValidationError(
            _("还有没有数的行，不能定稿：%(rows)s。填报项请填数，计算项请先计算这一天。") % words
        )
    failed = broken(file.relations, figures)
    if failed and not sheet.remark:
        words = {"checks": "；".join(str(each.check) for each in failed)}
        raise ValidationError(
            {"remark": _("审核关系不成立：%(checks)s。请改正，或在说明里写明原因。") % words}
        )
    numbers = {code: figure.number for code, figure in figures.items() if figure.number is not None}
    sheet.figures = {code: f"{n.numerator}/{n.denominator}" for code, n in numbers.items()}
    sheet.state, sheet.closed_at = Sheet.CLOSED, timezone.now()
