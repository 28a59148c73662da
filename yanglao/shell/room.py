"""What the shell offers to the house."""

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Room

room = Room(name="shell", label=_("页面框架"))
