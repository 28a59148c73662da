"""What training offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import MenuEntry, Right, Room

room = Room(
    name="training",
    label=_("培训与竞赛"),
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
    ),
)
