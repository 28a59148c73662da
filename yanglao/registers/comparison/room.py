"""What comparison offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.packs import PackSection
from yanglao.kernel.rooms import CaseHandler, MenuEntry, PersonPanel, Right, Room, Subscription
from yanglao.registers.comparison import following, offers, sources
from yanglao.registers.people.events import CircumstanceRecorded, PersonDied, PersonMerging

room = Room(
    name="comparison",
    label=_("比对"),
    verbs={
        "comparison.upload": _("上传比对文件"),
        "comparison.lay_out": _("确认比对文件的列"),
        "comparison.refuse": _("退回读不了的比对文件"),
        "comparison.store": _("记录比对结果"),
        "comparison.store_absent": _("记录名单中缺少的人"),
        "comparison.finish": _("完成比对"),
        "comparison.vouch": _("确认名单完整"),
        "comparison.cancel": _("放弃比对文件"),
        "comparison.again": _("重新确认列"),
        "comparison.download": _("下载比对文件"),
        "comparison.purge": _("删除到期的比对文件"),
        "comparison.confirm": _("线索属实"),
        "comparison.dismiss": _("线索不采纳"),
        "comparison.settle": _("记录核实结果"),
        "comparison.agree": _("线索与档案已一致"),
        "comparison.reveal": _("查看线索原文"),
    },
    rights=(
        Right("comparison.view", _("查看比对文件和覆盖情况")),
        Right("comparison.upload", _("上传比对文件")),
        Right("comparison.clues", _("查看比对线索")),
        Right("comparison.check", _("核实比对线索")),
    ),
    menu=(
        MenuEntry(
            _("数据比对"),
            "comparison:sources",
            "comparison.view",
            icon="git-compare",
            group=_("登记"),
            order=14,
        ),
        MenuEntry(
            _("比对线索"),
            "comparison:clues",
            "comparison.clues",
            icon="zoom-question",
            group=_("登记"),
            order=15,
        ),
    ),
    desk=(offers.waiting,),
    tiles=(offers.figures,),
    measures=offers.MEASURES,
    person_panels=(
        PersonPanel(
            _("数据比对"), "people.view", "comparison/parts/person.html", offers.person_panel, order=70
        ),
    ),
    cases=(
        CaseHandler(
            process="clue",
            label=_("线索核查"),
            subject_kind="people.person",
            url=following.case_page,
            on_done=following.case_done,
        ),
    ),
    packs=(
        PackSection(
            glob=sources.FILE,
            schema=sources.SourcesFile,
            label=_("比对来源"),
            kind="standard",
            check=sources.check_standard,
        ),
        PackSection(
            glob=sources.FILE,
            schema=sources.CitySources,
            label=_("本市的比对来源"),
            check=sources.check_city,
        ),
    ),
    subscriptions=(
        Subscription(PersonDied, following.died),
        Subscription(CircumstanceRecorded, following.recorded),
        Subscription(PersonMerging, following.merging),
    ),
)
