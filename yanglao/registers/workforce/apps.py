"""The app of the register of workers."""

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "yanglao.registers.workforce"
    label = "workforce"
    default_auto_field = "django.db.models.BigAutoField"
