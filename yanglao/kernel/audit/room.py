"""What the audit offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Right, Room

room = Room(name="audit", label=_("审计"), rights=(Right("audit.view", _("查看审计记录")),))
