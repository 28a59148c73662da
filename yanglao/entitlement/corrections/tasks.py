"""Background work of corrections."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.offered.queries import EngineFailed
from yanglao.entitlement.corrections import actions, ahead, queries, reckoning
from yanglao.entitlement.corrections.models import Recomputation
from yanglao.entitlement.corrections.settings_file import setting
from yanglao.kernel.jobs import JobContext, JobFailed, job


@job("corrections.recompute", retries=1, label=gettext_lazy("重算过去的月份"))
def recompute(ctx: JobContext, *, recomputation_id: int) -> None:
    """Compute and compare outside the writing transaction, then write what was found, once."""
    found = Recomputation.objects.get(pk=recomputation_id)
    ctx.result(found.get_absolute_url())
    if found.state != Recomputation.State.WAITING:
        return
    try:
        actions.keep(ctx.actor, found, reckoned=reckoning.reckon(found))
    except (EngineFailed, ValidationError) as refused:
        actions.fail(ctx.actor, found, problem=str(refused))
        raise JobFailed(_("重算没有完成：%(why)s") % {"why": refused}) from refused
    except Exception:
        again = _("重算没有完成，没有写入任何更正。请再次重算；再次失败时，请系统管理员查看后台任务。")
        actions.fail(ctx.actor, found, problem=again)
        raise


@job("corrections.look_ahead", retries=1, label=gettext_lazy("更新免申即享预告"))
def look_ahead(ctx: JobContext, *, division: int) -> None:
    """The coming weeks of one division, computed now."""
    found = ahead.coming(division, setting(division).lookahead_days)
    actions.look_ahead(ctx.actor, division=division, coming=found)


@job("corrections.every_morning", daily=dt.time(4, 10), label=gettext_lazy("每日更新免申即享预告"))
def every_morning(ctx: JobContext) -> None:
    """Everywhere benefits are paid."""
    for division in queries.run_divisions():
        found = ahead.coming(division, setting(division).lookahead_days)
        actions.look_ahead(ctx.actor, division=division, coming=found)
