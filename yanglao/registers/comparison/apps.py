"""The app of comparison."""

from django.apps import AppConfig


class ComparisonConfig(AppConfig):
    name = "yanglao.registers.comparison"
    label = "comparison"
    default_auto_field = "django.db.models.BigAutoField"
