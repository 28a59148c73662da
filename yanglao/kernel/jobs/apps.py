from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "yanglao.kernel.jobs"
    label = "jobs"
    verbose_name = _("后台任务")

    def ready(self) -> None:
        from yanglao.kernel.jobs.events import deliver_event
        from yanglao.kernel.rooms.news import deliver_later_by

        autodiscover_modules("tasks")  # jobs are known by name before the first one is asked for
        deliver_later_by(deliver_event)
