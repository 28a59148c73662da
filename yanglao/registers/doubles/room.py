"""What the room offers to the house."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from yanglao.kernel.rooms import Room

room = Room(name="doubles", label=_("疑似重复"))
