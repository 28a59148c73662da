"""What training offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.packs import PackSection
from yanglao.kernel.rooms import MenuEntry, PersonPanel, PlacePanel, Right, Room, SearchProvider, Subscription
from yanglao.registers.people.events import PeopleImportUndone
from yanglao.registers.training import desk, packs, telling
from yanglao.registers.training.facts import FACTS
from yanglao.registers.training.kinds import KindsFile
from yanglao.registers.training.measures import OFFERED
from yanglao.registers.training.packs import TrainingFile
from yanglao.registers.training.workbooks import ENROLMENTS, HISTORY, RESULTS

room = Room(
    name="training",
    label=_("培训与竞赛"),
    facts=FACTS,
    verbs={
        "training.add_course": _("增加课程"),
        "training.change_course": _("修改课程"),
        "training.add_session": _("开办班次"),
        "training.change_session": _("修改班次"),
        "training.add_lesson": _("增加课次"),
        "training.drop_lesson": _("删除课次"),
        "training.open_session": _("开放报名"),
        "training.close_session": _("截止报名"),
        "training.cancel_session": _("取消班次"),
        "training.finish_session": _("结班"),
        "training.enrol": _("登记报名"),
        "training.leave": _("取消报名"),
        "training.attend": _("登记考勤"),
        "training.scan": _("扫码签到"),
        "training.examine": _("登记成绩"),
        "training.certify": _("发证"),
        "training.printed": _("打印证书"),
        "training.revoke": _("作废证书"),
        "training.reveal": _("查看学员个人信息原文"),
        "training.claim": _("导出补贴申领表"),
        "training.add_plan": _("制定培训计划"),
        "training.change_plan": _("修改培训计划"),
        "training.withdraw_plan": _("撤销培训计划"),
        "training.allot": _("分解培训任务"),
        "training.load_plans": _("载入培训计划"),
        "training.add_contest": _("举办竞赛"),
        "training.add_judge": _("增加评委"),
        "training.add_entry": _("登记参赛者"),
        "training.score": _("登记评分"),
        "training.publish_contest": _("公布竞赛成绩"),
        "training.award_contest": _("竞赛颁奖"),
        "training.give_award": _("登记荣誉"),
        "training.withdraw_award": _("撤销荣誉"),
    },
    rights=(
        Right("training.view", _("查看培训与竞赛")),
        Right("training.edit", _("开办班次、制定计划、组织竞赛")),
        Right("training.teach", _("登记报名、考勤和成绩")),
        Right("training.certify", _("发放和作废培训证书")),
        Right("training.import", _("导入培训名单")),
        Right("training.export", _("导出培训名单和补贴申领表")),
        Right("training.reveal", _("查阅学员个人信息原文")),
    ),
    menu=(
        MenuEntry(
            _("培训班次"), "training:sessions", "training.view", icon="school", group=_("登记"), order=40
        ),
        MenuEntry(
            _("培训学员"),
            "training:enrolments",
            "training.view",
            icon="users-group",
            group=_("登记"),
            order=41,
        ),
        MenuEntry(_("培训计划"), "training:plans", "training.view", icon="target", group=_("登记"), order=42),
        MenuEntry(
            _("技能竞赛"), "training:contests", "training.view", icon="trophy", group=_("登记"), order=43
        ),
    ),
    public=(
        MenuEntry(
            _("一键培训"), "training:public", "shell.public", icon="school", group=_("公众服务"), order=20
        ),
    ),
    desk=(desk.waiting,),
    tiles=(desk.figures,),
    search=(SearchProvider(_("培训班次"), "training.view", desk.search, order=40),),
    timeline=(desk.person_events,),
    person_panels=(
        PersonPanel(
            _("参加的培训"), "training.view", "training/parts/panel.html", desk.person_panel, order=60
        ),
    ),
    worker_panels=(
        PersonPanel(
            _("参加的培训"), "training.view", "training/parts/panel.html", desk.worker_panel, order=40
        ),
    ),
    place_panels=(
        PlacePanel(
            _("在这里办的培训"), "training.view", "training/parts/place.html", desk.place_panel, order=70
        ),
    ),
    worker_timeline=(desk.worker_events,),
    measures=OFFERED,
    imports=(ENROLMENTS, RESULTS, HISTORY),
    packs=(
        PackSection(glob="training.yaml", schema=KindsFile, label=_("培训课程类别"), kind="standard"),
        PackSection(
            glob=packs.GLOB,
            schema=TrainingFile,
            label=_("培训计划和课程"),
            check=packs.check,
            apply=packs.apply,
            order=120,
        ),
    ),
    subscriptions=(Subscription(PeopleImportUndone, telling.forget_persons),),
)
