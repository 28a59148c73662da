"""The words of the phone's page, in the language it is opened in; `%(n)s` are filled in on the phone."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """Name → text, as `client/dom.js` gives them to the scripts."""
    return {**_states(), **_list(), **_door(), **_form(), **_signing(), **_trouble()}


def _states() -> dict[str, str]:
    return {
        "online": _("有信号"),
        "offline": _("无信号，照常填写"),
        "offline_right": _("没有权限，内容都在"),
        "standing_waiting": _("%(n)s 份等待发送"),
        "standing_none": _("没有等待发送的"),
        "standing_drafts": _("%(n)s 份填了一半"),
        "standing_last": _("上次发送 %(at)s"),
        "standing_never": _("还没有发送过"),
        "comma": _("，"),
        "offline_session": _("未登录，照常填写"),
        "sending": _("正在发送…"),
        "state_accepted": _("已收下"),
        "state_conflict": _("有冲突"),
        "state_refused": _("未收下"),
    }


def _list() -> dict[str, str]:
    return {
        "hello_title": _("外出填写"),
        "fetched": _("%(at)s 更新"),
        "fetch": _("更新要办的事项"),
        "send_now": _("立即发送（%(n)s 份）"),
        "waiting": _("等待发送"),
        "waits": _("等信号"),
        "problem": _("发送遇到问题"),
        "drafts": _("填了一半"),
        "draft_at": _("%(at)s 保存，已答 %(n)s 题"),
        "resume": _("继续填写"),
        "drop": _("丢弃"),
        "drop_title": _("丢弃这份没填完的表？"),
        "drop_text": _("“%(title)s”已答 %(n)s 题，丢弃后不能找回。"),
        "keep": _("保留"),
        "todo": _("要办的事项"),
        "due": _("期限 %(day)s"),
        "late": _("已超期"),
        "begin": _("开始填写"),
        "seek": _("按姓名或地址查找"),
        "nothing_to_do": _("没有要办的事项。有信号时点“更新要办的事项”。"),
        "sent": _("已送达"),
        "sent_n": _("%(n)s 份已送达。"),
        "leave": _("退出登录"),
        "leave_title": _("还有没送到的内容"),
        "leave_unsent": _(
            "有 %(n)s 份等待发送、%(m)s 份填了一半。现在退出不会丢失：它们加密锁在这台设备上，您再次登录后继续。别人看不到。"
        ),
        "stay": _("先不退出"),
        "leave_locked": _("锁住并退出"),
        "locked_title": _("请先登录"),
        "locked": _("为保护老年人的信息，这台设备上的内容已锁住。请在有信号的地方登录后使用。"),
        "locked_unsent": _("有 %(n)s 份没送到的内容安全地锁在这台设备上，登录后继续。"),
        "sign_in": _("去登录"),
    }


def _door() -> dict[str, str]:
    return {
        "find": _("怎么找"),
        "way": _("地址和路线"),
        "address": _("居住地址"),
        "geo": _("在地图中打开村（社区）"),
        "geo_hint": _("只指到村（社区），不把老人住址交给地图软件。"),
        "calls": _("联系电话"),
        "calls_hint": _("电话不存在手机上：需要拨打时，在有信号的地方点“查看号码”，查看会留下记录。"),
        "number": _("查看号码"),
        "number_signal": _("现在没有信号，看不了号码。到有信号的地方再点。"),
        "back_to_list": _("回到清单"),
    }


def _form() -> dict[str, str]:
    return {
        "now": _("档案现在：%(now)s"),
        "clear_answer": _("清除这题"),
        "nothing_answered": _("还没有填写任何一项：至少回答一项，没有问到的不用填。"),
        "progress": _("填写进度"),
        "progress_one": _("第 %(n)s 题，共 %(of)s 题，已答 %(done)s 题"),
        "progress_all": _("共 %(of)s 题，已答 %(done)s 题"),
        "saved": _("%(at)s 已存在本机"),
        "all_on_one": _("全部题目"),
        "one_by_one": _("逐题填写"),
        "to_summary": _("查看汇总"),
        "save_and_leave": _("暂存"),
        "steps": _("上一题和下一题"),
        "back": _("上一题"),
        "next": _("下一题"),
        "optional": _("（选填）"),
        "score": _("%(n)s 分"),
        "photo": _("拍照（可选）"),
        "photo_no": _("照片 %(n)s"),
        "photo_drop": _("删去"),
        "photo_kept": _("照片已存在本机。"),
        "photo_bad": _("这张照片读不出来，请重新拍摄，或换一张 JPEG、PNG 图片。"),
        "photos_most": _("最多 %(n)s 张照片。请先删去一张。"),
        "photos_all": _("其他照片"),
        "photos_taken": _("已有照片 %(n)s 张。"),
    }


def _signing() -> dict[str, str]:
    return {
        "summary": _("核对并签名"),
        "complete": _("必答题都已回答"),
        "missing": _("还有 %(n)s 题没有回答，点题目可直接去填："),
        "unsigned": _("还没有签名：%(who)s"),
        "signatures": _("签名"),
        "sign_name": _("姓名"),
        "sign_hint": _("请在框内手写签名；不便手写的，勾选下面一项，以键入的姓名作为签名。"),
        "sign_drawn": _("在场的请在框内手写签名；不在场的留空，以后登录签名。"),
        "sign_clear": _("重写"),
        "sign_typed": _("以键入的姓名作为签名"),
        "pad": _("%(who)s的手写签名区"),
        "to_questions": _("回到题目"),
        "finish": _("完成"),
        "finished": _("已完成，有信号时自动发送。"),
    }


def _trouble() -> dict[str, str]:
    return {
        "session_ended": _(
            "登录已过期或密码已更改。填好的内容都在这台设备上，重新登录后自动发送。登录不了的，请联系本单位账号管理员，内容不会丢失。"
        ),
        "right_gone": _(
            "您的账号现在没有外出填写的权限，没有发送。填好的内容都在这台设备上，请联系本单位账号管理员；恢复权限后打开本页自动发送。"
        ),
        "disk_full_work": _(
            "存储空间不够，新的事项没有存下；已填的内容都在。请先发送已完成的表，或删去手机上不用的文件，再点“更新要办的事项”。"
        ),
        "disk_full_finish": _(
            "存储空间不够，这份表还没有放进待发送；已答的题都在。请先删去手机上不用的文件，再点一次“完成”。"
        ),
        "not_yours": _("您的账号没有外出填写的事项。如工作需要，请联系本单位账号管理员授权。"),
        "no_crypto": _("这个浏览器不能安全地保存内容。请用 https 地址打开，并换用较新的浏览器。"),
        "retry": _("现在没有信号，%(n)s 秒后自动再试；也可以点“立即发送”。"),
        "other_owner": _("现在登录的是另一个账号，没有发送。请用填写时的账号登录。"),
        "server_failed": _("系统暂时出错（%(code)s），稍后再发；内容仍在这台设备上。"),
        "clock_ahead": _(
            "这台设备的时钟快 %(minutes)s 分钟，填写时间会按系统时间校正。请在手机设置中打开自动校时。"
        ),
        "clock_behind": _(
            "这台设备的时钟慢 %(minutes)s 分钟，填写时间会按系统时间校正。请在手机设置中打开自动校时。"
        ),
        "disk_low": _("这台设备的存储空间快满了。请先发送已完成的表，或删去手机上不用的文件。"),
        "disk_full": _(
            "这台设备的存储空间已满，刚才的内容没有存下。请先发送已完成的表，或删去手机上不用的文件。"
        ),
        "disk_full_photo": _(
            "存储空间不够，这张照片没有存下；已答的题都在。请先发送已完成的表，或删去手机上不用的文件。"
        ),
        "no_sheet": _("这份表的题目还没有下载。请在有信号的地方点“更新要办的事项”。"),
    }
