from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CalendarConfig(AppConfig):
    name = "yanglao.kernel.calendar"
    label = "calendar"
    verbose_name = _("工作日历")

    def ready(self) -> None:
        post_migrate.connect(_fill, sender=self)


def _fill(**kwargs: Any) -> None:
    """Known years are there as soon as the table is; what somebody edited is left alone."""
    from yanglao.kernel.calendar.published import fill

    fill()
