"""Lists: workers, staff on a day, missing certificates, certificates, pools, honours, studios."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yanglao.registers.workforce import filters, kinds, queries
from yanglao.registers.workforce.models import (
    Award,
    Certificate,
    CertificateGap,
    Employment,
    PoolMember,
    Studio,
    Worker,
)
from yanglao.registers.workforce.sheets import CERTIFICATES, STAFF
from yanglao.shell.pages import Button, Column, Crumb, Empty, ListPage

EMPLOYER = ("place", "operator", "organisation")
STATE_TONES = {"missing": "bad", "expired": "bad", "expiring": "warn"}


def employer_of(spell: Employment | None) -> str:
    return str(spell.employer) if spell and spell.employer else ""


def _employer(worker: Worker) -> str:
    return employer_of(worker.spell if worker.post else None) or worker.employer_outside


def _level(worker: Worker) -> str:
    return kinds.level_name("carer", worker.level)


class _ImportButton(Button):
    """The way to the importer, with one of our templates chosen."""

    @property
    def url(self) -> str:
        return reverse("imports:start", args=[self.url_name])


IMPORT = _ImportButton(_("导入名册"), STAFF.name, "workforce.import", icon="file-import")
IMPORT_CERTIFICATES = _ImportButton(_("导入证书"), CERTIFICATES.name, "workforce.import", icon="file-import")
ADD = Button(_("登记从业人员"), "workforce:add", "workforce.edit", icon="user-plus", main=True)
WAYS = (
    ADD,
    IMPORT,
    Button(_("持证上岗"), "workforce:gaps", "workforce.view", icon="certificate"),
    Button(_("护理配比"), "workforce:ratio", "workforce.view", icon="scale"),
    Button(_("任职清单"), "workforce:staff", "workforce.view", icon="list-details"),
)


class Workers(ListPage):
    """The register as a list; those who are in a post unless asked otherwise."""

    model = Worker
    right = "workforce.view"
    title = _("从业人员")
    filterset = filters.WorkerFilter
    private = ("name", "id_number")
    order = "pinyin"
    related = ("spell", *(f"spell__{path}" for path in EMPLOYER))
    export_right = "workforce.export"
    columns = (
        Column("name", _("姓名"), sort="pinyin", link=True),
        Column("sex", _("性别")),
        Column("birth_date", _("年龄"), kind="age", value=lambda w: w.birth_date, minor=True),
        Column("id_number", _("身份证号"), value=lambda w: str(w.id_number), shown=False),
        Column("phone", _("联系电话"), value=lambda w: str(w.phone), minor=True),
        Column("post", _("岗位"), sort="post", value=lambda w: kinds.post_name(w.post)),
        Column("employer", _("用人单位"), value=_employer),
        Column("division_id", _("工作地"), kind="division", sort="division", minor=True),
        Column("level", _("护理员等级"), value=_level),
        Column("education", _("学历"), minor=True),
        Column("starts", _("入职日期"), kind="date", value=lambda w: w.spell and w.spell.starts, minor=True),
        Column("hukou_id", _("户籍地"), kind="division", shown=False),
        Column("entered_trade_on", _("首次从事养老服务日期"), kind="date", shown=False),
    )
    buttons = WAYS
    empty = Empty(_("还没有从业人员"), _("下载名册模板，填好后导入；也可以逐人登记。"), (IMPORT, ADD))


class Staff(ListPage):
    """Spells of employment on a day: who worked where as what."""

    model = Employment
    right = "workforce.view"
    title = _("任职清单")
    lead = _("某一天在岗的人员；不选日期为今天。一人兼职几处的，每处一行。")
    filterset = filters.StaffFilter
    order = "division"
    related = ("worker", *EMPLOYER)
    export_right = "workforce.export"
    columns = (
        Column("worker", _("姓名"), link=True, value=lambda s: s.worker.name),
        Column("sex", _("性别"), value=lambda s: str(s.worker.get_sex_display()), minor=True),
        Column("post", _("岗位"), sort="post", value=lambda s: kinds.post_name(s.post)),
        Column("title", _("职务"), minor=True),
        Column("employer", _("用人单位"), value=employer_of),
        Column("division_id", _("工作地"), kind="division", sort="division", minor=True),
        Column("full_time", _("全职或兼职"), value=lambda s: str(_("全职") if s.full_time else _("兼职"))),
        Column("starts", _("入职日期"), kind="date"),
        Column("ends", _("离职日期"), kind="date", shown=False),
        Column("contract", _("用工形式")),
        Column("contract_until", _("合同到期日"), kind="date", minor=True),
        Column("insured", _("社会保险"), minor=True),
        Column("level", _("护理员等级"), value=lambda s: _level(s.worker), minor=True),
        Column("pay", _("基本工资"), shown=False),
    )

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Workers.title, reverse("workforce:list")), Crumb(self.title))

    def row_url(self, row: Any) -> str:
        return row.worker.get_absolute_url() if row.holds_on(queries.today()) else ""


def _wanted(gap: CertificateGap) -> str:
    """The certificates demanded, short: on a phone three full names would not fit."""
    first, number = kinds.certificate_name(gap.kinds[0]), len(gap.kinds)
    if number == 1:
        return first
    return str(_("%(first)s等%(number)s种之一")) % {"first": first, "number": number}


class Gaps(ListPage):
    """Who is in a post without the certificate it demands, or soon will be (持证上岗检查)."""

    model = CertificateGap
    right = "workforce.view"
    title = _("持证上岗")
    lead = _(
        "在岗人员按岗位要求核对证书：无证、已过期和60天内到期的。依据已核实的要求标为强制，其余只作参考。"
    )
    filterset = filters.GapFilter
    order = "division"
    related = ("worker", "spell", *(f"spell__{path}" for path in EMPLOYER))
    export_right = "workforce.export"
    columns = (
        Column("worker", _("姓名"), link=True, value=lambda g: g.worker.name),
        Column("post", _("岗位"), value=lambda g: kinds.post_name(g.post)),
        Column("employer", _("用人单位"), value=lambda g: employer_of(g.spell)),
        Column("division_id", _("工作地"), kind="division", sort="division", minor=True),
        Column(
            "wanted",
            _("要求的证书"),
            value=_wanted,
        ),
        Column("state", _("情况"), sort="state", tone=lambda g: STATE_TONES[g.state]),
        Column("until", _("有效期至"), kind="date", sort="until"),
        Column(
            "must",
            _("是否强制"),
            value=lambda g: str(_("强制") if g.must else _("参考")),
            tone=lambda g: "warn" if g.must else "dull",
        ),
        Column("phone", _("联系电话"), value=lambda g: str(g.worker.phone), shown=False),
    )
    buttons = (
        Button(_("到期日历"), "workforce:calendar", "workforce.view", icon="calendar"),
        Button(_("全部证书"), "workforce:certificates", "workforce.view", icon="certificate"),
    )
    empty = Empty(_("没有持证问题"), _("在岗人员的证书都在有效期内。"))

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Workers.title, reverse("workforce:list")), Crumb(self.title))

    def row_url(self, row: Any) -> str:
        return row.worker.get_absolute_url()


def _good(row: Certificate) -> bool:
    return row.good_on(queries.today())


class Certificates(ListPage):
    """All certificates that are on file."""

    model = Certificate
    right = "workforce.view"
    title = _("证书")
    filterset = filters.CertificateFilter
    order = "-issued_on"
    related = ("worker", "worker__spell", *(f"worker__spell__{path}" for path in EMPLOYER))
    export_right = "workforce.export"
    columns = (
        Column("worker", _("姓名"), link=True, value=lambda c: c.worker.name),
        Column("kind", _("证书"), value=lambda c: kinds.certificate_name(c.kind)),
        Column("level", _("等级"), value=lambda c: kinds.level_name(c.kind, c.level)),
        Column("number", _("证书编号"), minor=True),
        Column("issuer", _("发证单位"), minor=True),
        Column("issued_on", _("发证日期"), kind="date", sort="-issued_on"),
        Column("expires_on", _("有效期至"), kind="date", sort="expires_on"),
        Column(
            "state",
            _("状态"),
            value=lambda c: str(_("有效") if _good(c) else _("失效")),
            tone=lambda c: "good" if _good(c) else "bad",
        ),
        Column("verified_at", _("核验时间"), kind="datetime", minor=True),
        Column("employer", _("用人单位"), value=lambda c: _employer(c.worker)),
        Column("division_id", _("工作地"), kind="division", value=lambda c: c.worker.division_id, minor=True),
    )
    buttons = (IMPORT_CERTIFICATES,)

    def queryset(self) -> QuerySet[Any]:
        return Certificate.objects.filter(replaced_at=None)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Workers.title, reverse("workforce:list")), Crumb(self.title))

    def row_url(self, row: Any) -> str:
        return row.worker.get_absolute_url()


class Pool(ListPage):
    """Assessors and experts."""

    model = PoolMember
    right = "workforce.view"
    title = _("评估员和专家")
    lead = _("能力评估、等级评定等事项从这里选人；与本人任职单位有关的事项应当回避。")
    filterset = filters.PoolFilter
    private = ("name",)
    order = "pool"
    related = ("worker", "worker__spell", *(f"worker__spell__{path}" for path in EMPLOYER))
    export_right = "workforce.export"
    columns = (
        Column("worker", _("姓名"), link=True, value=lambda m: m.worker.name),
        Column("pool", _("人才库"), sort="pool"),
        Column("field", _("专业领域"), value=lambda m: kinds.field_name(m.field)),
        Column("area_id", _("服务区域"), kind="division", sort="area"),
        Column("employer", _("用人单位（须回避）"), value=lambda m: _employer(m.worker)),
        Column("education", _("学历"), value=lambda m: str(m.worker.get_education_display()), minor=True),
        Column("valid_from", _("聘任日期"), kind="date", minor=True),
        Column("valid_to", _("聘期至"), kind="date"),
        Column(
            "state",
            _("状态"),
            value=lambda m: str(_("在聘") if m.serves_on(queries.today()) else _("不在聘期")),
            tone=lambda m: "good" if m.serves_on(queries.today()) else "dull",
        ),
        Column("document", _("聘任文件"), minor=True),
    )
    empty = Empty(_("人才库还是空的"), _("在从业人员的档案页上聘任能力评估员或专家。"))

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Workers.title, reverse("workforce:list")), Crumb(self.title))

    def row_url(self, row: Any) -> str:
        return row.worker.get_absolute_url()


class Awards(ListPage):
    """Honours of workers."""

    model = Award
    right = "workforce.view"
    title = _("荣誉表彰")
    filterset = filters.AwardFilter
    order = "-given_on"
    related = ("worker", "worker__spell", *(f"worker__spell__{path}" for path in EMPLOYER))
    export_right = "workforce.export"
    columns = (
        Column("worker", _("姓名"), link=True, value=lambda a: a.worker.name),
        Column("title", _("名称")),
        Column("kind", _("类别")),
        Column("rank", _("级别")),
        Column("given_on", _("授予日期"), kind="date", sort="-given_on"),
        Column("given_by", _("授予单位"), minor=True),
        Column("document", _("文件名称和文号"), minor=True),
        Column("employer", _("用人单位"), value=lambda a: _employer(a.worker), minor=True),
    )
    empty = Empty(_("还没有荣誉记录"), _("在从业人员的档案页上登记荣誉。"))

    def queryset(self) -> QuerySet[Any]:
        return Award.objects.filter(withdrawn_at=None)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Workers.title, reverse("workforce:list")), Crumb(self.title))

    def row_url(self, row: Any) -> str:
        return row.worker.get_absolute_url()


class Studios(ListPage):
    """Studios of masters and social workers."""

    model = Studio
    right = "workforce.view"
    title = _("技能工作室")
    filterset = filters.StudioFilter
    order = "-opened_on"
    related = ("worker", "place")
    export_right = "workforce.export"
    columns = (
        Column("name", _("名称"), link=True),
        Column("kind", _("类别")),
        Column("rank", _("级别")),
        Column("worker", _("领衔人"), value=lambda s: s.worker.name),
        Column("place", _("设立地点"), value=lambda s: s.place.name),
        Column("division", _("所在区划"), kind="division", value=lambda s: s.place.division_id, minor=True),
        Column("opened_on", _("设立日期"), kind="date", sort="-opened_on"),
        Column("closed_on", _("撤销日期"), kind="date", minor=True),
        Column("document", _("文件名称和文号"), minor=True),
    )
    empty = Empty(_("还没有工作室"), _("在领衔人的档案页上设立工作室。"))

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(Workers.title, reverse("workforce:list")), Crumb(self.title))

    def row_url(self, row: Any) -> str:
        return row.worker.get_absolute_url()
