"""The app of suspected doubles."""

from django.apps import AppConfig


class DoublesConfig(AppConfig):
    name = "yanglao.registers.doubles"
    label = "doubles"
    default_auto_field = "django.db.models.BigAutoField"
