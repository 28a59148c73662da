"""How an amount came about, in words: the instalment, the rules between policies, the caps, who bears it."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.entitlement.benefits.naming import given, in_language, title_of
from yanglao.entitlement.benefits.rules.explain import Explanation
from yanglao.entitlement.benefits.rules.explain_amount import Borne, Cut, Instalment, Stacked
from yanglao.kernel.divisions.queries import full_name

_LEVELS = {
    "nation": gettext_lazy("中央"),
    "province": gettext_lazy("省级"),
    "city": gettext_lazy("市级"),
    "county": gettext_lazy("区县级"),
    "street": gettext_lazy("乡镇（街道）"),
    "village": gettext_lazy("村（社区）"),
}


def steps(e: Explanation) -> tuple[str, ...]:
    """Every step from what the clauses give to what is paid, a sentence each; () where nothing lies between."""
    if not e.raw_fen:
        return ()
    return tuple(_sentences(e))


def _sentences(e: Explanation) -> Iterator[str]:
    if e.steps.instalment is not None:
        yield _part(e, e.steps.instalment)
    for stacked in e.steps.stacked:
        yield _between(e, stacked)
    for cut in e.steps.cuts:
        yield _cut(e, cut)


def _part(e: Explanation, part: Instalment) -> str:
    said = {
        "n": part.number,
        "of": part.of,
        "share": percent(part.share),
        "whole": given(e.policy, part.whole),
        "month": _("%(year)s年%(month)s月") % {"year": part.month.year, "month": part.month.number},
    }
    return _("分 %(of)s 期发放，本月是第 %(n)s 期（%(share)s）；总额 %(whole)s，按 %(month)s 的标准。") % said


def _between(e: Explanation, stacked: Stacked) -> str:
    said = {
        "other": title_of(stacked.policy),
        "theirs": given(stacked.policy, stacked.amount),
        "mine": given(e.policy, e.raw_fen),
    }
    if stacked.rule == "excluded_by":
        return _("享受“%(other)s”（本月 %(theirs)s）的，不再享受本项（%(mine)s）。") % said
    if stacked.rule == "reduced_by":
        return _("本项 %(mine)s，要扣除“%(other)s”已给的 %(theirs)s。") % said
    if stacked.amount == e.raw_fen:
        return _("同组的几项只发一项：“%(other)s”与本项同为 %(mine)s，发那一项。") % said
    return _("同组的几项只发最高的一项：“%(other)s”为 %(theirs)s，高于本项的 %(mine)s。") % said


def _cut(e: Explanation, cut: Cut) -> str:
    limit = cut.limit or 0
    said = {
        "cap": in_language(cut.cap.label),
        "limit": given(e.policy, limit),
        "times": limit,
        "used": given(e.policy, max(0, limit - cut.after)),
        "before": given(e.policy, cut.before),
        "after": given(e.policy, cut.after),
        "less": given(e.policy, cut.before - cut.after),
    }
    if cut.cap.times and cut.limit is not None:
        return _("受“%(cap)s”限制：最多 %(times)s 次，此前已满，本次 %(before)s 不发。") % said
    if cut.limit is None:
        return _("“%(cap)s”的限额查不到（缺少事实），先不发 %(before)s。") % said
    if limit <= cut.after:
        return _("受“%(cap)s”限制：限额 %(limit)s，原为 %(before)s，少发 %(less)s。") % said
    return (
        _(
            "受“%(cap)s”限制：限额 %(limit)s，此前已用 %(used)s，原为 %(before)s，少发 %(less)s，实发 %(after)s。"
        )
        % said
    )


def bearer(borne: Borne) -> str:
    """Who bears a share: 海曙区（区县级）."""
    level = str(_LEVELS[borne.level])
    name = full_name(borne.division) if borne.division else ""
    return f"{name}（{level}）" if name else level


def percent(share: int) -> str:
    """Ten-thousandths as 30%."""
    return f"{share / 100:g}%"
