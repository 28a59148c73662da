"""What assessments offer to the house."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from yanglao.entitlement.assessment import (
    casework,
    measures,
    news,
    offers,
    offline,
    scale_checks,
    scales,
    terms,
)
from yanglao.entitlement.assessment.models import Request
from yanglao.entitlement.assessment.scale_file import Scale
from yanglao.entitlement.assessment.sheets import OLD_RESULTS
from yanglao.entitlement.catalogue.events import ItemStarted
from yanglao.kernel.cases.events import CaseEnded
from yanglao.kernel.packs import PackSection
from yanglao.kernel.rooms import CaseHandler, MenuEntry, PersonPanel, Right, Room, Subscription
from yanglao.kernel.scope import everything
from yanglao.registers.people.events import PersonDied, PersonMerging, PersonUnmerged


def _page(case: Any) -> str:
    with everything("who sees a case may be shown the way to its request"):
        found = Request.objects.filter(case=case).first()
    return found.get_absolute_url() if found else ""


room = Room(
    name="assessment",
    label=_("能力评估"),
    verbs={
        "assessment.entrust": _("登记评估机构"),
        "assessment.end_body": _("终止评估机构委托"),
        "assessment.enlist": _("登记评估员"),
        "assessment.release": _("登记评估员离开"),
        "assessment.request": _("申请能力评估"),
        "assessment.assign": _("分派评估员"),
        "assessment.plan": _("约定上门时间"),
        "assessment.reveal": _("查看被评估人的联系方式"),
        "assessment.request_resident": _("机构为住养老人申请能力评估"),
        "assessment.object_resident": _("机构代住养老人对评估结果提出异议"),
        "assessment.record": _("交来评估记录"),
        "assessment.sign": _("评估签名"),
        "assessment.settle": _("核定不一致的评估记录"),
        "assessment.object": _("对评估结果提出异议"),
        "assessment.withdraw": _("撤销评估结果"),
        "assessment.draw": _("抽取评估质量样本"),
    },
    rights=(
        Right("assessment.view", _("查看能力评估")),
        Right("assessment.request", _("申请能力评估、登记异议")),
        Right("assessment.home", _("为本机构住养老人申请能力评估、查看结果")),
        Right("assessment.assign", _("分派评估员、撤销结果")),
        Right("assessment.assess", _("评估、签名")),
        Right("assessment.bodies", _("管理评估机构和评估员")),
        Right("assessment.sample", _("质量抽查和评估员统计")),
        Right("assessment.export", _("导出能力评估")),
        Right("assessment.import", _("导入旧的评估结果")),
    ),
    menu=(
        MenuEntry(
            _("能力评估"),
            "assessment:list",
            "assessment.view",
            icon="clipboard-check",
            group=_("待遇"),
            order=21,
        ),
        MenuEntry(
            _("住养老人评估"),
            "assessment:residents",
            "assessment.home",
            icon="clipboard-check",
            group=_("待遇"),
            order=22,
        ),
        MenuEntry(
            _("我的评估"), "assessment:day", "assessment.assess", icon="checklist", group=_("待遇"), order=20
        ),
    ),
    desk=(offers.desk,),
    tiles=(offers.tiles,),
    timeline=(offers.timeline,),
    person_panels=(
        PersonPanel(
            _("能力评估"), "assessment.view", "assessment/parts/person.html", offers.person_panel, order=20
        ),
    ),
    open_matters=(offers.open_matters,),
    measures=measures.measures(),
    imports=(OLD_RESULTS,),
    cases=(
        CaseHandler(
            process=casework.PROCESS,
            label=_("能力评估"),
            subject_kind="people.person",
            url=_page,
            on_done=casework.step_done,
        ),
    ),
    offline_forms=(offline.FORM,),
    subscriptions=(
        Subscription(CaseEnded, news.ended),
        Subscription(PersonDied, news.died),
        Subscription(PersonMerging, news.merging),
        Subscription(PersonUnmerged, news.unmerged),
        Subscription(ItemStarted, news.item_started),
    ),
    packs=(
        PackSection(scales.GLOB, Scale, _("能力评估量表"), kind="standard", check=scale_checks.check),
        PackSection(scales.GLOB, Scale, _("本市的评估量表"), check=scale_checks.check),
        PackSection(terms.FILE, terms.TermsFile, _("能力评估的期限"), kind="standard"),
        PackSection(terms.FILE, terms.CityTerms, _("本市能力评估的期限")),
    ),
)
