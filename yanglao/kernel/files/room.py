from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms.offers import Room

room = Room(name="files", label=_("文件"))
