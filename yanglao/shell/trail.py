"""The audit trail 审计记录 as pages: who did what, when, to what, from where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import django_filters as df
from django.apps import apps
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.accounts.models import User
from yanglao.kernel.audit.action import ACTIONS
from yanglao.kernel.audit.models import AuditEntry
from yanglao.kernel.rooms import house as the_house
from yanglao.shell.filters import DayRangeFilter, DivisionFilter
from yanglao.shell.pages import Column, Crumb, DetailPage, ListPage, Panel
from yanglao.shell.templatetags.shell import moment

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
VIA = {"page": _("页面"), "api": _("接口"), "job": _("后台任务"), "command": _("命令")}


def verb_label(verb: str) -> Any:
    """What an action is called: as its room says, else by the right it needs, else the verb itself."""
    known = the_house().verbs
    if verb in known:
        return known[verb]
    model, _dot, last = verb.rpartition(".")
    if last == "export" and model.count(".") == 1:
        return _("导出：%(what)s") % {"what": kind_label(model)}
    right = getattr(ACTIONS.get(verb), "right", "")
    offered = the_house().rights.get(right)
    return f"{offered.label}（{verb}）" if offered else verb


def kind_label(model: str) -> Any:
    """The kind of a record: 老年人 for people.person."""
    try:
        return apps.get_model(model)._meta.verbose_name
    except (LookupError, ValueError):
        return model


def target_of(entry: AuditEntry) -> str:
    return f"{kind_label(entry.target_type)} {entry.target_id}" if entry.target_type else ""


def _verbs() -> list[tuple[str, Any]]:
    return sorted(the_house().verbs.items(), key=lambda pair: str(pair[1]))


def _kinds() -> list[tuple[str, Any]]:
    ours = (m._meta for m in apps.get_models() if m.__module__.startswith("yanglao."))
    return sorted(((meta.label_lower, meta.verbose_name) for meta in ours), key=lambda pair: str(pair[1]))


class TrailFilter(df.FilterSet):
    at = DayRangeFilter(label=_("日期"))
    username = df.CharFilter(method="by_account", label=_("账号"))
    verb = df.ChoiceFilter(choices=_verbs, label=_("操作"), empty_label=_("不限"))
    division = DivisionFilter(label=_("区划"))
    target_type = df.ChoiceFilter(choices=_kinds, label=_("对象类别"), empty_label=_("不限"))
    target_id = df.CharFilter(field_name="target_id", label=_("对象编号"))

    class Meta:
        model = AuditEntry
        fields: ClassVar[list[str]] = []

    def by_account(self, rows: QuerySet[AuditEntry], name: str, value: str) -> QuerySet[AuditEntry]:
        return rows.filter(user_id__in=User.objects.filter(username=value.strip()).values("pk"))


_COLUMNS = (
    Column("at", _("时间"), kind="datetime", sort="id", link=True),
    Column("actor", _("操作人")),
    Column("verb", _("操作"), value=lambda e: verb_label(e.verb)),
    Column("target", _("对象"), value=target_of),
    Column("division_id", _("区划"), kind="division"),
    Column("via", _("方式"), value=lambda e: VIA.get(e.via, e.via), minor=True),
    Column("address", _("来源地址"), minor=True),
)


class TrailPage(ListPage):
    model = AuditEntry
    right = "audit.view"
    title = _("审计查询")
    lead = _("所有改动和对个人信息的查看，都在这里；记录只增不改，首尾相连，被人动过会查得出来。")
    columns = _COLUMNS
    filterset = TrailFilter
    private = ("username",)
    order = "-id"
    export_right = "audit.view"

    def row_url(self, row: AuditEntry) -> str:
        return reverse("shell:trail_entry", args=[row.pk])


@dataclass(frozen=True)
class Change:
    """One column that an action changed."""

    name: Any
    before: Any
    after: Any


def changes(entry: AuditEntry) -> list[Change]:
    """What was before and after, column by column, by the names the columns have on pages."""
    found = []
    for name in sorted(entry.before.keys() | entry.after.keys()):
        before, after = _plain(entry.before.get(name)), _plain(entry.after.get(name))
        if before != after:
            found.append(Change(_column(entry.target_type, name), before, after))
    return found


def _plain(value: Any) -> Any:
    """A recorded value in words: yes and no, local times, nothing for an empty text."""
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(value, str) and _MOMENT.match(value):
        return moment(datetime.fromisoformat(value))
    return None if value == "" else value


def _column(model: str, attname: str) -> Any:
    try:
        fields = apps.get_model(model)._meta.concrete_fields
    except (LookupError, ValueError):
        return attname
    return next((f.verbose_name for f in fields if f.attname == attname), attname)


class TrailEntryPage(DetailPage):
    model = AuditEntry
    right = "audit.view"
    panels = (
        Panel(_("经过"), (*_COLUMNS, Column("digest", _("链上的指纹")))),
        Panel(_("改动"), template="shell/parts/changes.html"),
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(TrailPage.title, reverse("shell:trail")),)

    def page_title(self) -> Any:
        return verb_label(self.record.verb)

    def extra(self) -> dict[str, Any]:
        return {"changes": changes(self.record), "notes": sorted(self.record.notes.items())}
