"""The app of beds and stays."""

from django.apps import AppConfig


class StaysConfig(AppConfig):
    name = "yanglao.registers.stays"
    label = "stays"
    default_auto_field = "django.db.models.BigAutoField"
