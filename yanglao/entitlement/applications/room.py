"""What applications offer to the house."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.applications import casework, following, offers, queries
from yanglao.kernel.cases.events import CaseEnded, CaseReopened
from yanglao.kernel.rooms import CaseHandler, MenuEntry, PersonPanel, Right, Room, Subscription


def _page(case: Any) -> str:
    found = queries.by_case(case.pk)
    return found.get_absolute_url() if found else ""


room = Room(
    name="applications",
    label=_("申请"),
    verbs={
        "applications.apply": _("申请待遇或服务"),
        "applications.apply_online": _("网上申请"),
        "applications.match": _("申请对应档案"),
        "applications.follow": _("申请办结"),
        "applications.begin": _("申请同意后开始办理"),
        "applications.rate": _("登记满意度"),
    },
    rights=(
        Right("applications.view", _("查看申请")),
        Right("applications.apply", _("受理和代办申请")),
        Right("applications.export", _("导出申请台账")),
    ),
    menu=(
        MenuEntry(
            _("待遇和服务申请"), "applications:standing", "applications.view", "file-pencil", _("待遇"), 27
        ),
    ),
    public=(
        MenuEntry(_("网上申请"), "applications:public", "shell.public", "file-pencil", _("公众服务"), 12),
    ),
    desk=(offers.desk,),
    timeline=(offers.timeline,),
    person_panels=(
        PersonPanel(_("申请"), "applications.view", "applications/parts/person.html", offers.panel, order=25),
    ),
    open_matters=(offers.still_open,),
    measures=offers.measures(),
    cases=(
        CaseHandler(
            process=queries.PROCESS,
            label=_("待遇和服务申请"),
            subject_kind="people.person",
            url=_page,
            on_done=casework.done,
            missing=casework.missing,
            rating="applications:public_rate",
        ),
    ),
    subscriptions=(
        Subscription(CaseEnded, following.case_ended),
        Subscription(CaseReopened, following.case_reopened),
    ),
)
