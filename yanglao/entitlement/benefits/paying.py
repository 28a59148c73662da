"""Handing the payment file over: read in clear once, record every reading, then and only then let it go."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yanglao.entitlement.benefits import actions, payment
from yanglao.entitlement.benefits.models import Run
from yanglao.entitlement.benefits.queries import PAYABLE
from yanglao.kernel.accounts.actor import Actor
from yanglao.kernel.scope import everything
from yanglao.registers.people.looking import log_looks

_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain; charset=gb18030",
}


def hand_over(actor: Actor, run: Run, *, purpose: str, format: str) -> tuple[str, str, bytes]:
    """(file name, media type, content) of a run's payment file. Raises ValidationError, Forbidden.

    All in one transaction: if the reading cannot be recorded, nothing is read.
    """
    actor.require("benefits.pay", run.division_id)
    if run.state not in PAYABLE:
        raise ValidationError(_("批次审批通过之后才能生成发放文件。"))
    with transaction.atomic(), everything("a payment file is the whole run's"):
        file = payment.payment_file(run)
        actions.export(
            actor,
            run,
            sha=file.sha,
            people=len(file.payable),
            withheld=len(file.withheld),
            sum_fen=file.sum_fen,
        )
        people = [p.person_id for p in (*file.payable, *file.withheld)]
        log_looks(actor, people, fields=("id_number", "bank_account"), purpose=purpose)
        content = payment.as_text(file) if format == "txt" else payment.as_workbook(run, file)
    return f"payment-{run.division_id}-{run.month}-{run.pk}.{format}", _KINDS[format], content
