"""Why a number or a name was refused, in the user's language: what, why, how to mend it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.identifiers import Refused

ID_NUMBER: dict[str, object] = {
    "empty": _("请填写公民身份号码。"),
    "scientific": _("号码被表格软件变成了科学计数，末几位已丢失：请把该列设为“文本”后从原始资料重新录入。"),
    "length": _("公民身份号码应为18位（老号码15位），现有%(detail)s位：请核对是否漏录或多录。"),
    "characters": _("公民身份号码只能有数字，末位可为X：请核对其中的其他字符。"),
    "province": _("开头两位“%(detail)s”不是任何省份的代码：请核对前六位。"),
    "birth_date": _("号码中的出生日期“%(detail)s”不存在：请核对第7至14位。"),
    "future": _("号码中的出生日期“%(detail)s”在今天之后：请核对第7至14位。"),
    "checksum": _("末位校验码“%(detail)s”与前17位不符，号码中至少有一位录错：请对照身份证重新录入。"),
    "test_number": _("开头两位“%(detail)s”是演示数据专用的号码段，本系统已停用演示号码。"),
}
PHONE: dict[str, object] = {
    "empty": _("请填写电话号码。"),
    "mobile": _("手机号码应为11位，以13至19开头：请核对。"),
    "landline": _("固定电话应为7至8位，可加区号和“转”分机号：请核对。"),
    "characters": _("电话号码只能有数字、区号和“转”：一格只填一个号码。"),
}
ACCOUNT: dict[str, object] = {
    "empty": _("请填写银行账号。"),
    "scientific": _("账号被表格软件变成了科学计数，末几位已丢失：请把该列设为“文本”后重新录入。"),
    "characters": _("银行账号只能有数字：请核对其中的其他字符。"),
    "length": _("银行账号应为8至32位数字，现有%(detail)s位：请核对。"),
}


def why(refused: Refused, texts: dict[str, object]) -> str:
    """The sentence for a refusal."""
    return str(texts[refused.code]) % {"detail": refused.detail}
